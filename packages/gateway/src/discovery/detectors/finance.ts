import { passesLuhn, remainder } from './checksums.ts'
import { says, type Detector } from './detector.ts'

/** Numbers of payment cards, bank accounts, and income. */
export const financeDetectors: readonly Detector[] = [
  { id: 'card', class: 'finance.card', chance: 0.4, share: 0.6, finds: isCard },
  { id: 'iban', class: 'finance.iban', chance: 0.1, share: 0.6, finds: isIban },
  {
    id: 'income',
    class: 'finance.income',
    chance: 0.5,
    share: 0.6,
    finds: (text, name) => says(name, incomeHints) && /^\d{3,9}(?:[.,]\d{1,2})?$/.test(text),
  },
]

const incomeHints = new Set(['salary', 'salaries', 'income', 'wage', 'wages', 'gehalt', 'salaire', 'salario'])

function isCard(text: string): boolean {
  if (!/^\d(?:[ -]?\d){11,18}$/.test(text)) return false
  const digits = text.replace(/[ -]/g, '')
  const network = networks.find(([prefix]) => prefix.test(digits))
  return network !== undefined && network[1].includes(digits.length) && passesLuhn(digits)
}

// The ranges of issuers that are in use, with the lengths that their numbers have (ISO/IEC 7812).
const networks: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14, 16]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-8]|63|67)/, [16, 18, 19]],
]

function isIban(text: string): boolean {
  const plain = text.replace(/ /g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(plain)) return false
  if (ibanLengths[plain.slice(0, 2)] !== plain.length) return false
  return remainder(plain.slice(4) + plain.slice(0, 4), 97) === 1
}

/** Characters of an IBAN by country (the IBAN registry of ISO 13616). */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24
  FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21
  LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22
  RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)
