import { closest } from '@gateward/kernel'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import { resolve } from '../../pointer/resolve.ts'
import type { CheckContext, Rule } from '../rule.ts'

/** Reports schemes that the components do not define, and scopes that no flow of the scheme offers. */
export const checkSecurityRequirement: Rule = ({ value, pointer }, context) => {
  const { root } = context.document
  const schemes = resolve(root, '/components/securitySchemes')?.value ?? {}
  for (const [name, scopes] of Object.entries(value)) {
    const place = childPointer(pointer, name)
    if (!Object.hasOwn(schemes, name)) {
      const meant = closest(name, Object.keys(schemes))
      context.report.warning(place, {
        code: 'undefined-scheme',
        message: `security names "${name}", which components.securitySchemes does not define, so that nobody can satisfy it`,
        fix: meant === undefined ? 'define it there' : `did you mean "${meant}"?`,
      })
    } else if (Array.isArray(scopes)) {
      checkScopes(name, scopes, place, context)
    }
  }
}

function checkScopes(
  name: string,
  scopes: readonly unknown[],
  pointer: string,
  { document, report }: CheckContext,
): void {
  const scheme = resolve(document.root, childPointer('/components/securitySchemes', name))?.value
  const flows = scheme?.['flows']
  if (scheme?.['type'] !== 'oauth2' || !isRecord(flows)) return
  const offered = Object.values(flows).flatMap((flow) =>
    isRecord(flow) && isRecord(flow['scopes']) ? Object.keys(flow['scopes']) : [],
  )
  for (const scope of scopes) {
    if (offered.includes(String(scope))) continue
    const meant = closest(String(scope), offered)
    report.warning(pointer, {
      code: 'undefined-scope',
      message: `no flow of "${name}" offers the scope "${String(scope)}"`,
      fix: meant === undefined ? undefined : `did you mean "${meant}"?`,
    })
  }
}
