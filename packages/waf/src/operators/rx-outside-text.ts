import { isRunningText } from '../detectors/running-text.ts'
import type { OperatorFactory } from './operator.ts'
import { rx } from './rx.ts'

/**
 * `@rxOutsideText`: as `@rx`, but not in a value that reads as text, in which people write about what the expression looks for: code in
 * a ticket, the stack of calls in a report of an error.
 */
export const rxOutsideText: OperatorFactory = (argument, context) => {
  const matcher = rx(argument, context)
  if (matcher === undefined) return undefined
  return {
    ...matcher,
    test: (value, scope, captures) => matcher.test(value, scope, captures) && !isRunningText(value),
  }
}
