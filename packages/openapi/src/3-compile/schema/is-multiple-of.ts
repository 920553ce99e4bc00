/**
 * Whether a number is a multiple of another as both are written in decimal, so that 0.07 is a multiple of 0.01
 * although no binary fraction is either of them. `divisor` is above 0.
 */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (!Number.isFinite(value)) return false
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0
  return isShortMultiple(value, divisor) ?? isExactMultiple(value, divisor)
}

const powersOfTen = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const

/** Texts of at most 15 digits and doubles name each other uniquely, so that counting in the last digit is exact. */
const mostCounted = 1e15

// `undefined` where the numbers have too many digits for this way.
function isShortMultiple(value: number, divisor: number): boolean | undefined {
  for (const power of powersOfTen) {
    const unit = Math.round(divisor * power)
    if (unit / power !== divisor) continue
    const count = Math.round(value * power)
    if (Math.abs(count) >= mostCounted || unit >= mostCounted) return undefined
    // A value with more decimals than the divisor cannot be a multiple of it.
    return count / power === value && count % unit === 0
  }
  return undefined
}

/** The same for any two doubles, by whole numbers of any size. */
export function isExactMultiple(value: number, divisor: number): boolean {
  const left = toDecimal(value)
  const right = toDecimal(divisor)
  const exponent = Math.min(left.exponent, right.exponent)
  return scale(left, exponent) % scale(right, exponent) === 0n
}

interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

// The shortest text that reads back as the number is what its author wrote.
function toDecimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(`${whole}${fraction}`), exponent: Number(exponent) - fraction.length }
}

// Exponents of doubles lie within ±324, so that no power here has more than 700 digits.
function scale({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to)
}
