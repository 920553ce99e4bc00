import type { Clock } from '@gateward/kernel'
import type { Configuration } from '../config/configuration.ts'
import { planExceptionsOf, upstreamsOf } from '../config/configured-services.ts'
import { valueAt } from '../config/settings-tree.ts'
import { refusingGuards } from '../guards/catalog.ts'
import { listWaivers } from '../upstream/waivers.ts'
import type { Review } from './review.ts'

/** Guards that do not enforce, doors that are open, and certificates that nobody checks. */
export function findExceptions(configuration: Configuration, clock: Clock): Review['exceptions'] {
  const { apis, anonymous, guards } = configuration
  return [
    ...(anonymous
      ? [{ subject: 'anonymous', message: 'operations that declare no security are open to everybody' }]
      : []),
    ...refusingGuards.flatMap((guard) => modeException(`guards.${guard}`, guards[guard]?.mode)),
    ...Object.keys(apis).flatMap((api) =>
      refusingGuards.flatMap((guard) =>
        modeException(
          `apis.${api}.guards.${guard}`,
          valueAt(configuration.source.tree.root, ['apis', api, 'guards', guard, 'mode']),
        ),
      ),
    ),
    ...planExceptionsOf(configuration, clock.now()).map(({ api, consumer, expires, reason, owner }) => ({
      subject: `plan of ${api}`,
      message: `${consumer} may go on until ${expires}: ${reason}; ${owner} answers for it`,
    })),
    ...listWaivers(upstreamsOf(configuration), clock).map(({ upstream, expires, reason, owner }) => ({
      subject: `apis.${upstream}.upstream.tls`,
      message: `not verified until ${expires}: ${reason}; ${owner} answers for it`,
    })),
  ]
}

function modeException(subject: string, mode: unknown): Review['exceptions'] {
  if (mode === 'off') return [{ subject, message: 'off: it is not asked at all' }]
  return mode === 'shadow' ? [{ subject, message: 'in shadow: it refuses nothing' }] : []
}
