import { Refusal } from './refusal.ts'

/** Takes the transfer encoding of one place off a text. */
export type Decode = (raw: string) => string | Refusal

const brokenEscape = new Refusal('encoding', 'is not percent-encoded UTF-8 (RFC 3986 section 2.1)')
const strayByte = new Refusal('encoding', 'holds a byte that must be percent-encoded')
const nul = new Refusal('encoding', 'holds NUL')

/** Percent-decodes strictly: a broken escape, overlong or invalid UTF-8, and NUL are refused. */
export const decodePercent: Decode = (raw) => decode(raw, false)

/** Percent-decodes as forms do: `+` is a space besides (WHATWG URL, application/x-www-form-urlencoded parsing). */
export const decodeForm: Decode = (raw) => decode(raw, true)

/** Leaves a text that was decoded already. */
export const keepText: Decode = (raw) => (raw.includes('\0') ? nul : raw)

/** Leaves a header's text, which has no escapes, without the white space around it (RFC 9110 section 5.5). */
export const trimField: Decode = (raw) => raw.trim()

function decode(raw: string, plusIsSpace: boolean): string | Refusal {
  let escaped = false
  let plus = false
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at)
    if (code === 0x25) escaped = true
    else if (code === 0x2b) plus = plusIsSpace
    else if (code < 0x20 || code > 0x7e) return strayByte
  }
  const spaced = plus ? raw.replaceAll('+', ' ') : raw
  if (!escaped) return spaced
  try {
    // The language's own decoder refuses overlong forms, lone surrogates and half escapes.
    const text = decodeURIComponent(spaced)
    return text.includes('\0') ? nul : text
  } catch {
    return brokenEscape
  }
}
