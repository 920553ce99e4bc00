import type { OperatorFactory } from './operator.ts'

/** `@unconditionalMatch`: holds for every value. */
export const unconditionalMatch: OperatorFactory = () => ({ macro: false, test: () => true })

/** `@noMatch`: holds for no value. */
export const noMatch: OperatorFactory = () => ({ macro: false, test: () => false })
