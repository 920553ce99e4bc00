import { maskAll, maskEmail, maskLastFour, maskName, maskPhone, type Mask } from './mask.ts'

/** How a service gets to see the values of a class. */
export type Protection = 'encrypt' | 'deterministic' | 'off'

/** What is known of a class of data, and done with it unless the configuration says otherwise. */
export interface DataClassEntry {
  readonly meaning: string
  readonly protect: Protection
  /** What callers see who may not see the value. */
  readonly conceal: 'mask' | 'remove'
  readonly mask: Mask
  /** What two texts of one value have in common, for finding it again. */
  readonly normalize: (text: string) => string
}

/** The classes that `x-data-class` can name without further ado; others are named in the configuration. */
export const dataClasses: Readonly<Record<string, DataClassEntry>> = {
  'pii.email': entry('e-mail addresses', { mask: maskEmail, normalize: (text) => text.trim().toLowerCase() }),
  'pii.phone': entry('telephone numbers', {
    mask: maskPhone,
    normalize: (text) => text.replace(/[^\d+]/g, ''),
  }),
  'pii.name': entry('names of people', { mask: maskName }),
  'pii.address': entry('postal addresses'),
  'pii.birthdate': entry('dates of birth'),
  'pii.gender': entry('gender'),
  'pii.national-id': entry('numbers of identity, tax and social security', { normalize: withoutSeparators }),
  'pii.document': entry('numbers of passports and licences', { normalize: withoutSeparators }),
  'pii.ip-address': entry('network addresses of people'),
  'pii.location': entry('where somebody is or was'),
  'pii.biometric': entry('biometric data', { conceal: 'remove' }),
  'pii.belief': entry('beliefs, politics, memberships', { conceal: 'remove' }),
  'finance.card': entry('numbers of payment cards', { mask: maskLastFour, normalize: withoutSeparators }),
  'finance.iban': entry('bank accounts by IBAN', { mask: maskLastFour, normalize: withoutSeparators }),
  'finance.account': entry('bank accounts otherwise', { mask: maskLastFour, normalize: withoutSeparators }),
  'finance.income': entry('income and wealth'),
  'health.record': entry('health data', { conceal: 'remove' }),
  // A service that checks a password or passes a token on must see it.
  'secret.password': entry('passwords', { protect: 'off', conceal: 'remove' }),
  'secret.token': entry('tokens and keys', { protect: 'off', conceal: 'remove' }),
}

/** A class that the configuration names itself. */
export const customClass: DataClassEntry = entry('named in the configuration')

/** The scopes of which one lets a caller see a class: its own, and those of the groups that it is in. */
export function revealScopes(className: string): readonly string[] {
  const words = className.split('.')
  return words.map((_, count) => `reveal:${words.slice(0, count + 1).join('.')}`)
}

function entry(meaning: string, changes: Partial<DataClassEntry> = {}): DataClassEntry {
  return {
    meaning,
    protect: 'encrypt',
    conceal: 'mask',
    mask: maskAll,
    normalize: (text) => text,
    ...changes,
  }
}

function withoutSeparators(text: string): string {
  return text.replace(/[\s.-]/g, '').toUpperCase()
}
