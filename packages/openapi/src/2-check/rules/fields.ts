import { closest } from '@gateward/kernel'
import { grammarOf } from '../../grammar/grammar.ts'
import type { Shape } from '../../grammar/grammar.ts'
import type { Found } from '../../grammar/walk.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { CheckContext } from '../rule.ts'

/** Without these the object means nothing; without the others only its documentation is poorer. */
const indispensable = new Set(['Parameter', 'RequestBody', 'SecurityScheme', 'ServerVariable'])

/** Reports the fields that the specification does not know for an object, and those it cannot do without. */
export function checkFields({ value, type, pointer }: Found, context: CheckContext): void {
  for (const field of Object.keys(value)) {
    if (type.fields.has(field) || type.patterned !== undefined || field.startsWith('x-')) continue
    reportUnknown({ value, type, pointer }, field, context)
  }
  for (const field of type.required) {
    if (Object.hasOwn(value, field)) continue
    const severity = indispensable.has(type.name) ? 'error' : 'warning'
    context.report[severity](pointer, {
      code: 'missing-field',
      message: `${article(type.name)} has no "${field}"`,
      fix: `add "${field}"`,
    })
  }
}

function reportUnknown({ value, type, pointer }: Found, field: string, context: CheckContext): void {
  const place = childPointer(pointer, field)
  const later = laterDialect(type.name, field)
  if (later !== undefined) {
    context.report.warning(place, {
      code: 'unknown-field',
      message: `"${field}" belongs to OpenAPI ${later}, and this document is ${context.document.dialect}: it is ignored`,
      fix: `write "openapi: ${later}.0" if that is meant`,
    })
    return
  }
  const meant = closest(field, type.fields.keys())
  const meaning = meant === undefined ? undefined : type.fields.get(meant)
  // Where the field it resembles decides something, ignoring the mistyped one would change what the document says.
  const lost = meant !== undefined && bearsMeaning(meant, meaning) && !Object.hasOwn(value, meant)
  context.report[lost ? 'error' : 'warning'](place, {
    code: 'unknown-field',
    message: `"${field}" is no field of ${article(type.name)}${lost ? '' : ', it is ignored'}`,
    fix: meant === undefined ? undefined : `did you mean "${meant}"?`,
  })
}

function bearsMeaning(field: string, shape: Shape | undefined): boolean {
  if (/^(?:examples?|externalDocs|links|callbacks|tags|deprecated|contact|license)$/.test(field)) return false
  return shape !== undefined && shape.kind !== 'text'
}

function laterDialect(name: Found['type']['name'], field: string): '3.1' | '3.2' | undefined {
  for (const dialect of ['3.1', '3.2'] as const) {
    if (grammarOf(dialect).get(name)?.fields.has(field)) return dialect
  }
  return undefined
}

/** "an operation", "a media type": the object's name in a sentence. */
export function article(name: string): string {
  const words =
    name === 'OpenAPI' ? 'OpenAPI document' : name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
  const noun = name === 'OpenAPI' ? words : words.toLowerCase()
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
}
