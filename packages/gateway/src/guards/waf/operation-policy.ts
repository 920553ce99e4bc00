import type { Diagnostic } from '@gateward/kernel'
import type { Field, Operation } from '@gateward/openapi'
import type { DeclaredField, FieldPolicy, Waf } from '@gateward/waf'
import type { GuardInput } from '../guard.ts'
import { checkExcludedFields } from './check-excluded-fields.ts'
import { wafExtension, type WafExclusion, type WafGuardSettings } from './settings.ts'

/** What an operation says to the rules; `undefined` where it says nothing. */
export function compileOperationPolicy(
  waf: Waf,
  { operation, settings, report }: Pick<GuardInput<WafGuardSettings>, 'operation' | 'settings' | 'report'>,
): FieldPolicy | undefined {
  const general = settings.exclusions.filter(
    ({ operations }) =>
      operations.length === 0 || (operation !== undefined && operations.includes(operation.id)),
  )
  const own = operation === undefined ? [] : exclusionsOf(operation)
  const fields =
    operation === undefined || settings.provenFields === 'inspect' ? [] : declaredFields(operation)
  if (general.length === 0 && own.length === 0 && fields.length === 0) return undefined
  const tell = reporter(operation, own, report)
  if (operation !== undefined) {
    const meantHere = general.filter(({ operations }) => operations.length > 0)
    checkExcludedFields([...meantHere, ...own], operation).forEach(tell)
  }
  const { policy, diagnostics } = waf.fieldPolicy({ exclusions: [...general, ...own], fields })
  diagnostics.forEach(tell)
  return policy
}

/** The load has checked the extension by its schema, so that what is there is right. */
function exclusionsOf({ extension }: Operation): readonly WafExclusion[] {
  const parsed = wafExtension.safeParse(extension?.['waf'] ?? {})
  return parsed.success ? parsed.data.exclusions : []
}

function reporter(
  operation: Operation | undefined,
  own: readonly WafExclusion[],
  report: (diagnostic: Diagnostic) => void,
): (diagnostic: Diagnostic) => void {
  const position = own.length > 0 ? operation?.extensionPosition : undefined
  return (diagnostic) => report(position === undefined ? diagnostic : { position, ...diagnostic })
}

/** The fields of a contract under the names that the engine gives their values. */
function declaredFields({ fields }: Operation): readonly DeclaredField[] {
  return fields.flatMap((field): readonly DeclaredField[] => {
    const { in: place, values } = field
    if (values === undefined || (place !== 'query' && place !== 'cookie' && place !== 'body')) return []
    const name = place === 'body' ? argumentName(field) : field.name
    if (name === undefined) return []
    return [{ in: place, name, label: `${place} ${field.name}`.trimEnd(), values }]
  })
}

function argumentName({ name, format }: Field): string | undefined {
  const tokens = name
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (format === 'json') return ['json', ...tokens].join('.')
  return tokens.length === 1 ? tokens[0] : undefined
}
