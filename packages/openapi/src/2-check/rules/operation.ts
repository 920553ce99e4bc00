import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'
import { checkQueryParameters } from './query-parameters.ts'

/** Reports an `operationId` that another operation has already. */
export const checkOperation: Rule = (found, context) => {
  const { value, pointer } = found
  const { report, operationIds, document } = context
  checkQueryParameters(found, context)
  const id = value['operationId']
  if (typeof id === 'string') {
    const other = operationIds.get(id)
    if (other !== undefined && other !== pointer) {
      const { line } = document.positionOf(other)
      report.error(childPointer(pointer, 'operationId'), {
        code: 'duplicate-operation-id',
        message: `the operationId "${id}" stands at line ${line} already`,
        fix: 'give every operation an id of its own',
      })
    }
    operationIds.set(id, pointer)
  }
}
