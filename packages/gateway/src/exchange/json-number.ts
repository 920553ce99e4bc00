/**
 * Whether a double cannot hold a number as it was written, so that two readers may see two values: an integer part
 * beyond 2^53 - 1, more than a double's range, or so little that it becomes zero (RFC 8259 section 6).
 *
 * @param integerDigits how many digits stand before the fraction and the exponent
 */
export function isHugeNumber(text: string, integerDigits: number): boolean {
  const value = Number(text)
  if (!Number.isFinite(value)) return true
  if (value === 0 && /^[^eE]*[1-9]/.test(text)) return true
  if (integerDigits < 16) return false
  const integer = text.slice(0, (text.startsWith('-') ? 1 : 0) + integerDigits)
  return !Number.isSafeInteger(Number(integer))
}
