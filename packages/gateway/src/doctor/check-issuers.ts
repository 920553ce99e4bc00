import type { Clock } from '@gateward/kernel'
import type { Configuration } from '../config/configuration.ts'
import { createIssuerKeys } from '../keyring/create-issuer-keys.ts'
import type { Finding } from './finding.ts'

/** Whether the keys of each token issuer can be had. */
export async function checkIssuers(
  { authentication }: Configuration,
  clock: Clock,
): Promise<readonly Finding[]> {
  return Promise.all(
    authentication.issuers.map(async ({ issuer, jwks }): Promise<Finding> => {
      await using keys = createIssuerKeys({ clock })
      const set = keys.open(jwks ?? { kind: 'discovery', issuer })
      // Asking waits for the first load; that it failed is told by the status.
      await Promise.resolve(set.find(undefined, 'RS256')).catch(() => undefined)
      const [status] = keys.status()
      const subject = `issuer ${issuer}`
      const { source = issuer, keys: count = 0, failure } = status ?? {}
      if (failure === undefined && count > 0)
        return { subject, state: 'well', message: `${count} keys from ${source}` }
      return {
        subject,
        state: 'unreachable',
        message: `no keys from ${source}: ${failure ?? 'the set is empty'}`,
        fix: 'its tokens are answered with 503 until its keys can be read; mend the address or the file',
      }
    }),
  )
}
