import { methodFields } from '../../grammar/methods.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'
import { checkQueryParameters } from './query-parameters.ts'

/** Reports additional operations whose method has a field of its own, or is none (RFC 9110 section 9.1). */
export const checkPathItem: Rule = (found, context) => {
  const { value, pointer } = found
  const { report } = context
  checkQueryParameters(found, context)
  const additional = value['additionalOperations']
  for (const method of isRecord(additional) ? Object.keys(additional) : []) {
    const place = childPointer(childPointer(pointer, 'additionalOperations'), method)
    if (methodFields.has(method.toLowerCase())) {
      report.error(place, {
        code: 'misplaced-method',
        message: `"${method}" cannot be an additional operation`,
        fix: `write it as the field "${method.toLowerCase()}" of the path`,
      })
    } else if (!/^[\w!#$%&'*+.^`|~-]+$/.test(method)) {
      report.error(place, { code: 'bad-method', message: `"${method}" is no method` })
    }
  }
}
