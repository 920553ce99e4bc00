/** Whether digits end in their check digit by Luhn's formula (ISO/IEC 7812-1 annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = digits.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = digits.charCodeAt(at) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}

/** The remainder of a decimal number of any length; letters count from A = 10 (ISO/IEC 7064). */
export function remainder(text: string, modulus: number): number {
  let left = 0
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    left = (left * (value > 9 ? 100 : 10) + value) % modulus
  }
  return left
}

/** The sum of digits, each times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0)
}

/** Whether digits end in their check digit by ISO/IEC 7064 MOD 11,10. */
export function passesMod1110(digits: string): boolean {
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === Number(digits.at(-1))
}

/** Whether digits end in their check digit by Verhoeff's scheme, which works in the dihedral group of order 10. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48
    check = multiply(check, permute(digit, place % 8))
  }
  return check === 0
}

function multiply(left: number, right: number): number {
  const [turnLeft, turnRight] = [left % 5, right % 5]
  if (left < 5) return right < 5 ? (turnLeft + turnRight) % 5 : 5 + ((turnLeft + turnRight) % 5)
  return right < 5 ? 5 + ((turnLeft - turnRight + 5) % 5) : (turnLeft - turnRight + 5) % 5
}

function permute(digit: number, times: number): number {
  let permuted = digit
  for (let count = 0; count < times; count++) permuted = permutation[permuted] ?? 0
  return permuted
}

const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

/** Whether two digits each for year, month and day are a day that there can be; the month may carry a century. */
export function isShortDate(year: string, month: number, day: number): boolean {
  const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return /^\d{2}$/.test(year) && day >= 1 && day <= (lengths[month - 1] ?? 0)
}
