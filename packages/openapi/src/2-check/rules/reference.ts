import type { Found } from '../../grammar/walk.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { CheckContext } from '../rule.ts'

/** What stands beside a reference for people only, so that ignoring it changes nothing. */
const documentation = new Set([
  '$ref',
  'summary',
  'description',
  'title',
  'example',
  'examples',
  'externalDocs',
])

/**
 * Reports what stands beside a `$ref` and is ignored: everything in OpenAPI 3.0 (section Reference Object), and
 * beside all but schemas in later versions. What a path says beside its `$ref` has no meaning of its own in any.
 */
export function checkReference({ value, type, pointer }: Found, { document, report }: CheckContext): void {
  if (type.name === 'Schema' && document.dialect !== '3.0') return
  for (const field of Object.keys(value)) {
    if (documentation.has(field) || (field.startsWith('x-') && field !== 'x-gateward')) continue
    report.warning(childPointer(pointer, field), {
      code: 'ignored-sibling',
      message: `"${field}" beside "$ref" is ignored in OpenAPI ${document.dialect}`,
      fix:
        type.name === 'Schema'
          ? 'write allOf: [{ $ref: … }] with it beside, or use OpenAPI 3.1'
          : 'move it to what the reference names',
    })
  }
}
