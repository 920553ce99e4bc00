import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'

/** Fields of an Example Object of which each stands for the example itself (OpenAPI 3.2 section Example Object). */
const exclusive = [
  ['value', 'externalValue'],
  ['value', 'dataValue'],
  ['value', 'serializedValue'],
  ['serializedValue', 'externalValue'],
] as const

/** Reports examples that are given twice; which of them is meant nobody can know. */
export const checkExample: Rule = ({ value, pointer }, { report }) => {
  for (const [first, second] of exclusive) {
    if (value[first] === undefined || value[second] === undefined) continue
    const message = `an example has both "${first}" and "${second}", and only one can be it`
    report.warning(childPointer(pointer, second), {
      code: 'ambiguous-example',
      message,
      fix: 'leave one of them',
    })
  }
}

/** Reports `example` beside `examples`. */
export const checkExamples: Rule = ({ value, pointer }, { report }) => {
  if (value['example'] === undefined || value['examples'] === undefined) return
  const message = '"example" and "examples" stand beside one another, and only one may'
  report.warning(childPointer(pointer, 'example'), {
    code: 'ambiguous-example',
    message,
    fix: 'leave one of them',
  })
}
