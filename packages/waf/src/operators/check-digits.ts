/** Whether the digits of a text satisfy the Luhn formula of payment cards (ISO/IEC 7812-1, annex B). */
export function isCardNumber(text: string): boolean {
  const digits = digitsOf(text)
  const sum = digits.toReversed().reduce((total, digit, index) => {
    const weighted = index % 2 === 0 ? digit : digit * 2
    return total + (weighted > 9 ? weighted - 9 : weighted)
  }, 0)
  return digits.length > 0 && sum > 0 && sum % 10 === 0
}

/** Whether nine digits can be a social security number of the United States: area, group and serial that are given out. */
export function isSocialSecurityNumber(text: string): boolean {
  const digits = digitsOf(text)
  if (digits.length !== 9 || isRepeated(digits) || isCounting(digits)) return false
  const area = numberOf(digits.slice(0, 3))
  const isGiven = area > 0 && area !== 666 && area < 900
  return isGiven && numberOf(digits.slice(3, 5)) > 0 && numberOf(digits.slice(5)) > 0
}

/** Whether eleven digits are a Brazilian taxpayer number, CPF, with both of its check digits. */
export function isTaxpayerNumber(text: string): boolean {
  const digits = digitsOf(text)
  if (digits.length !== 11 || isRepeated(digits)) return false
  return [9, 10].every((length) => {
    const sum = digits
      .slice(0, length)
      .reduce((total, digit, index) => total + digit * (length + 1 - index), 0)
    return ((sum * 10) % 11) % 10 === digits[length]
  })
}

/** Whether ten digits are an Austrian social insurance number, SVNR, with the check digit in its fourth place. */
export function isInsuranceNumber(text: string): boolean {
  const digits = digitsOf(text)
  if (digits.length !== 10 || isRepeated(digits)) return false
  const weights = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]
  const sum = digits.reduce((total, digit, index) => total + digit * (weights[index] ?? 0), 0)
  return sum % 11 === digits[3]
}

function digitsOf(text: string): number[] {
  return (text.match(/\d/g) ?? []).map(Number)
}

function numberOf(digits: readonly number[]): number {
  return digits.reduce((number, digit) => number * 10 + digit, 0)
}

function isRepeated(digits: readonly number[]): boolean {
  return digits.every((digit) => digit === digits[0])
}

function isCounting(digits: readonly number[]): boolean {
  return digits.every((digit, index) => index === 0 || digit === (digits[index - 1] ?? 0) + 1)
}
