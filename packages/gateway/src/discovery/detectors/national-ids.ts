import { isShortDate, passesLuhn, passesMod1110, passesVerhoeff, remainder, weighted } from './checksums.ts'
import { says, type Detector } from './detector.ts'

/** Numbers of identity, tax and social security, each by its own check digits. */
export const nationalIdDetectors: readonly Detector[] = [
  // Several check digits, letters, or a date with a check digit: something else hardly looks like it.
  {
    id: 'national-id',
    class: 'pii.national-id',
    chance: 0.4,
    share: 0.6,
    finds: (text) => shape.test(text) && (find(strong, text) || isFinnish(text)),
  },
  // One check digit at the most: one in ten of all numbers of that length, so the field must be called like it.
  {
    id: 'named-national-id',
    class: 'pii.national-id',
    chance: 0.5,
    share: 0.6,
    finds: (text, name) => shape.test(text) && says(name, hints) && find(weak, text),
  },
]

const shape = /^[A-Za-z0-9](?:[ ./+-]?[A-Za-z0-9]){8,19}$/

const hints = new Set(
  `ssn sin bsn nif nhs tfn nino aadhaar aadhar cpr personnummer pesel cpf dni nie national nationalid identity identitynumber
  idnumber personalid personalnumber taxid taxnumber tin tax social socialsecurity socialsecuritynumber insurance fiscal citizen steuerid`.split(
    /\s+/,
  ),
)

/** A form with separators gone and letters in upper case, and the check of what has it. */
type Rule = readonly [form: RegExp, check: (text: string) => boolean]

function find(rules: readonly Rule[], text: string): boolean {
  const plain = text.replace(/[ ./+-]/g, '').toUpperCase()
  return rules.some(([form, check]) => form.test(plain) && check(plain))
}

const strong: readonly Rule[] = [
  // Spain, DNI and NIE: a letter by the remainder of 23.
  [/^\d{8}[A-Z]$/, (id) => spanishLetters[Number(id.slice(0, 8)) % 23] === id[8]],
  [
    /^[XYZ]\d{7}[A-Z]$/,
    (id) => spanishLetters[Number(`${'XYZ'.indexOf(id.charAt(0))}${id.slice(1, 8)}`) % 23] === id[8],
  ],
  // Italy, codice fiscale.
  [/^[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/, isItalian],
  // France, NIR: 97 less the remainder; Corsica has letters.
  [
    /^[1278]\d{4}(?:\d{2}|2[AB])\d{8}$/,
    (id) => {
      const number = id.slice(0, 13).replace('2A', '19').replace('2B', '18')
      return isMonthOrMore(id.slice(3, 5)) && 97 - remainder(number, 97) === Number(id.slice(13))
    },
  ],
  // Belgium: 97 less the remainder, a 2 before it for those born from 2000 on.
  [
    /^\d{11}$/,
    (id) =>
      isShortDate(id.slice(0, 2), Number(id.slice(2, 4)), Number(id.slice(4, 6))) &&
      [id.slice(0, 9), `2${id.slice(0, 9)}`].some(
        (number) => 97 - remainder(number, 97) === Number(id.slice(9)),
      ),
  ],
  // Germany, tax id: one digit of the first ten comes two or three times, and no other more than once.
  [/^[1-9]\d{10}$/, (id) => hasOneRepeated(id.slice(0, 10)) && passesMod1110(id)],
  // Norway: a date and two check digits.
  [/^\d{11}$/, isNorwegian],
  // Poland, PESEL: the month carries the century.
  [
    /^\d{11}$/,
    (id) =>
      isShortDate(id.slice(0, 2), Number(id.slice(2, 4)) % 20, Number(id.slice(4, 6))) &&
      weighted(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  ],
  // Brazil, CPF: two check digits.
  [/^(?!(\d)\1{10})\d{11}$/, isBrazilian],
  // Turkey: two check digits.
  [/^[1-9]\d{10}$/, isTurkish],
  // Sweden: a date, and Luhn over ten digits.
  [
    /^(?:19|20)?\d{10}$/,
    (id) => {
      const short = id.slice(-10)
      return (
        isShortDate(short.slice(0, 2), Number(short.slice(2, 4)), Number(short.slice(4, 6))) &&
        passesLuhn(short)
      )
    },
  ],
  // Czechia and Slovakia: a date, 50 more months for women, and divisible by 11.
  [
    /^\d{10}$/,
    (id) =>
      isShortDate(id.slice(0, 2), Number(id.slice(2, 4)) % 50, Number(id.slice(4, 6))) &&
      Number(id) % 11 === 0,
  ],
  // China: a whole date, and ISO 7064 MOD 11-2 with an X for ten.
  [
    /^[1-9]\d{5}(?:19|20)\d{9}[\dX]$/,
    (id) =>
      isShortDate(id.slice(8, 10), Number(id.slice(10, 12)), Number(id.slice(12, 14))) &&
      '10X98765432'[weighted(id, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === id[17],
  ],
  // Switzerland: an EAN-13 that begins with 756.
  [/^756\d{10}$/, (id) => weighted(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0],
  // Romania: a date, and a remainder of 11.
  [
    /^[1-8]\d{12}$/,
    (id) =>
      isShortDate(id.slice(1, 3), Number(id.slice(3, 5)), Number(id.slice(5, 7))) &&
      (weighted(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) % 10 === Number(id[12]),
  ],
  // South Africa: a date, a citizenship of 0 to 2, and Luhn.
  [
    /^\d{10}[012]\d{2}$/,
    (id) => isShortDate(id.slice(0, 2), Number(id.slice(2, 4)), Number(id.slice(4, 6))) && passesLuhn(id),
  ],
]

const weak: readonly Rule[] = [
  // United States, social security: numbers that were never given are none.
  [/^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/, () => true],
  // United Kingdom, national insurance and health service.
  [/^(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[ABCD]$/, () => true],
  [/^\d{10}$/, (id) => (11 - (weighted(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(id[9])],
  // Netherlands, Canada, Portugal, Australia: nine digits.
  [/^\d{9}$/, (id) => weighted(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0],
  [/^[1-79]\d{8}$/, passesLuhn],
  [/^\d{9}$/, (id) => ((11 - (weighted(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === Number(id[8])],
  [/^\d{9}$/, (id) => weighted(id, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0],
  // India.
  [/^[2-9]\d{11}$/, passesVerhoeff],
  // Denmark: a date, and no check digit any more.
  [/^\d{10}$/, (id) => isShortDate(id.slice(4, 6), Number(id.slice(2, 4)), Number(id.slice(0, 2)))],
]

const spanishLetters = 'TRWAGMYFPDXBNJZSQVHLCKE'

// Finland: the sign between date and number says the century, so it is read as it is written.
function isFinnish(text: string): boolean {
  const found = /^(\d{2})(\d{2})(\d{2})[-+A-FU-Y](\d{3})([0-9A-FHJ-NPR-Y])$/i.exec(text)
  if (found === null) return false
  const [, day = '', month = '', year = '', number = '', check = ''] = found
  return (
    isShortDate(year, Number(month), Number(day)) &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(day + month + year + number) % 31] === check.toUpperCase()
  )
}

function isItalian(id: string): boolean {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
  let sum = 0
  for (let at = 0; at < 15; at++) {
    const code = id.charCodeAt(at)
    const value = code < 65 ? code - 48 : code - 65
    sum += at % 2 === 0 ? (odd[value] ?? 0) : value
  }
  return id.charCodeAt(15) - 65 === sum % 26
}

function isNorwegian(id: string): boolean {
  const day = Number(id.slice(0, 2))
  return (
    isShortDate(id.slice(4, 6), Number(id.slice(2, 4)), day > 40 ? day - 40 : day) &&
    weighted(id, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  )
}

function isBrazilian(id: string): boolean {
  const first = ((weighted(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10
  const second = ((weighted(id, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10
  return first === Number(id[9]) && second === Number(id[10])
}

function isTurkish(id: string): boolean {
  const tenth = weighted(id, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10
  const last = weighted(id, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10
  return (tenth + 10) % 10 === Number(id[9]) && last === Number(id[10])
}

function hasOneRepeated(digits: string): boolean {
  const counts = '0123456789'
    .split('')
    .map((digit) => digits.split(digit).length - 1)
    .filter((count) => count > 1)
  return counts.length === 1 && (counts[0] ?? 0) <= 3
}

// Where the month was not known, the number has something above twelve.
function isMonthOrMore(month: string): boolean {
  return month !== '00'
}
