import { closest, type Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import type { WafExclusion } from './settings.ts'

/** The fields of exclusions that the operation they are written for does not declare: misspelt, they would do nothing. */
export function checkExcludedFields(
  exclusions: readonly WafExclusion[],
  operation: Operation,
): readonly Diagnostic[] {
  const declared = operation.fields.map((field) => `${field.in} ${field.name}`)
  return exclusions
    .flatMap(({ fields }) => fields)
    .filter((field) => isNamed(field) && !declared.some((known) => covers(field, known)))
    .map((field) => {
      const meant = closest(field, declared)
      return {
        code: 'unknown-field',
        severity: 'error',
        message: `operation ${operation.id} declares no field "${field}", which an exclusion of the WAF names`,
        fix: meant === undefined ? 'remove it' : `did you mean "${meant}"?`,
      }
    })
}

/** Regular expressions and targets of the rule language are not names of a contract. */
function isNamed(field: string): boolean {
  return /^(?:query|cookie|header|body) +[^~\s]/.test(field)
}

/** Whether an excluded field is a declared one, stands below it, or has it below itself. */
function covers(field: string, declared: string): boolean {
  const [place, name = ''] = split(field)
  const [declaredPlace, declaredName = ''] = split(declared)
  if (place !== declaredPlace) return false
  if (place !== 'body') {
    return place === 'header' ? name.toLowerCase() === declaredName.toLowerCase() : name === declaredName
  }
  const tokens = (name.startsWith('/') ? name : `/${name}`).split('/')
  const declaredTokens = declaredName.split('/')
  const length = Math.min(tokens.length, declaredTokens.length)
  return tokens.slice(0, length).every((token, index) => isSame(token, declaredTokens[index] ?? ''))
}

function split(field: string): readonly string[] {
  const space = field.indexOf(' ')
  return [field.slice(0, space), field.slice(space).trim()]
}

function isSame(token: string, declared: string): boolean {
  if (token === '*' || token === '**') return true
  return declared === '*' ? /^\d+$/.test(token) : token === declared
}
