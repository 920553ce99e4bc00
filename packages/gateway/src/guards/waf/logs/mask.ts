import { redact } from '../../../observe/redact.ts'

/** Replaces what must not be written of values, by the names of their fields and by what they look like. */
export interface Mask {
  /** A value of a field. */
  value(name: string, value: string): string
  /** Text that may hold names and values, a body say. */
  text(text: string): string
  /** A query or form, pair by pair. */
  pairs(text: string): string
  /** What a match tells of the value that it matched. */
  data(variable: string, data: string): string
}

const secretNames =
  /pass(?:word|wd|phrase|code)?$|pwd|secret|token|api[-_]?key|authorization|^cookie$|^set-cookie$|credential|private[-_]?key|session|^sid$|card(?:[-_]?number)?$|^pan$|cvv|cvc|^pin$|ssn|iban|^otp$/i

const replacement = '[redacted]'

/** Makes a mask that also knows some names of the operator's own. */
export function createMask(names: readonly string[]): Mask {
  const own = new Set(names.map((name) => name.toLowerCase()))
  const isSecret = (name: string): boolean => {
    // Of `json.user.password` and `user[password]` the last part decides.
    const last =
      name
        .toLowerCase()
        .split(/[.[\]:]/)
        .findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
    return secretNames.test(last) || own.has(last) || own.has(name.toLowerCase())
  }
  const pairs = (text: string): string =>
    text
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=')
        if (equals === -1) return redact(pair)
        const name = pair.slice(0, equals)
        return isSecret(decode(name)) ? `${name}=${replacement}` : redact(pair)
      })
      .join('&')
  return {
    value: (name, value) => (isSecret(name) ? replacement : redact(value)),
    text: (text) => redact(maskMembers(text, isSecret)),
    pairs,
    data: (variable, data) => {
      if (data === '') return ''
      const name = variable.slice(variable.indexOf(':') + 1)
      if (isSecret(name)) return replacement
      // The whole request line, a body or a cookie field names its fields itself.
      return variable.includes(':') ? redact(data) : redact(maskMembers(maskQuery(data, isSecret), isSecret))
    },
  }
}

type IsSecret = (name: string) => boolean

/** `"password":"x"` of JSON, values that are broken off included. */
function maskMembers(text: string, isSecret: IsSecret): string {
  return text.replace(
    /"([^"\\]{1,100})"(\s{0,20}:\s{0,20})(?:"(?:[^"\\]|\\.)*"?|[-\w.+]+)/g,
    (whole, name: string, colon: string) => (isSecret(name) ? `"${name}"${colon}"${replacement}"` : whole),
  )
}

function maskQuery(text: string, isSecret: IsSecret): string {
  return text.replace(/(^|[?&; ])([^=?&; ]{1,100})=([^&; ]*)/g, (whole, start: string, name: string) =>
    isSecret(decode(name)) ? `${start}${name}=${replacement}` : whole,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
