import type { Found } from '../../grammar/walk.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { CheckContext } from '../rule.ts'
import { article } from './fields.ts'

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
 * Reports what stands beside a `$ref` and is ignored (section Reference Object). What a path says beside its `$ref`
 * has no defined meaning either; schemas are left to the schema compiler.
 */
export function checkReference({ value, type, pointer }: Found, { document, report }: CheckContext): void {
  if (type.beyondSpecification) {
    report.warning(childPointer(pointer, '$ref'), {
      code: 'unspecified-reference',
      message: `the specification knows no "$ref" in place of ${article(type.name)}; it is followed all the same`,
      fix: 'refer to the whole path item instead, which every tool can read',
    })
  }
  for (const field of Object.keys(value)) {
    if (documentation.has(field) || (field.startsWith('x-') && field !== 'x-gateward')) continue
    report.warning(childPointer(pointer, field), {
      code: 'ignored-sibling',
      message: `"${field}" beside "$ref" is ignored in OpenAPI ${document.dialect}`,
      fix: 'move it to what the reference names',
    })
  }
}
