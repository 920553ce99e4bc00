import type { ByteString } from '../language/bytes.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import { isSpace } from '../transformations/byte-tables.ts'
import type { OperatorFactory } from './operator.ts'

/** `@eq`: the numbers are the same. */
export const eq = numberOperator((value, number) => value === number)

/** `@ge`: the value is at least the argument. */
export const ge = numberOperator((value, number) => value >= number)

/** `@gt`: the value is more than the argument. */
export const gt = numberOperator((value, number) => value > number)

/** `@le`: the value is at most the argument. */
export const le = numberOperator((value, number) => value <= number)

/** `@lt`: the value is less than the argument. */
export const lt = numberOperator((value, number) => value < number)

/**
 * The whole number that a text begins with, as C's `atoi` reads it: 0 where it begins with none. One too large for exact
 * arithmetic stays large instead of wrapping round, so that no limit can be passed by a longer number.
 */
export function leadingNumber(text: ByteString): number {
  let index = 0
  while (isSpace[text.charCodeAt(index)] === 1) index += 1
  const sign = text.charCodeAt(index)
  if (sign === 0x2d || sign === 0x2b) index += 1
  let number = 0
  for (; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9) break
    number = number * 10 + digit
  }
  return sign === 0x2d ? -number : number
}

function numberOperator(holds: (value: number, number: number) => boolean): OperatorFactory {
  return (argument, context) => {
    const compiled = compileMacro(argument)
    if (compiled.kind === 'template') {
      return {
        macro: true,
        test: (value, scope) => holds(leadingNumber(value), leadingNumber(scope.expand(compiled))),
      }
    }
    // `70.000` is 70: digits behind a point are left out, of values too.
    if (!/^\s*[-+]?\d+(?:\.\d*)?\s*$/.test(argument)) {
      context.report({
        code: 'operator-argument',
        severity: 'error',
        message: `"${argument}" is not a whole number`,
        fix: 'write digits, or a macro such as %{tx.limit}',
      })
    }
    const number = leadingNumber(compiled.value)
    return { macro: false, test: (value) => holds(leadingNumber(value), number) }
  }
}
