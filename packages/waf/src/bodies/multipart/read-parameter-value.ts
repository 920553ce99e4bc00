import type { ByteString } from '../../language/bytes.ts'
import type { MultipartFlags } from './multipart-flags.ts'

/** The value of a parameter, and where the rest of the header begins. */
export interface ParameterValue {
  readonly value: ByteString
  readonly isQuoted: boolean
  readonly end: number
}

/**
 * Reads a parameter's value from `at` on: a token, or a string in double quotes with `\"` and `\\` as its escapes. Single
 * quotes are quotes to some backends and characters to others, so they are read as quotes and noted as invalid.
 */
export function readParameterValue(text: ByteString, at: number, flags: MultipartFlags): ParameterValue {
  const quote = text.charAt(at)
  if (quote === '"') return readQuoted(text, at + 1, quote, flags)
  if (quote !== "'") return readToken(text, at)
  flags.note('MULTIPART_INVALID_QUOTING')
  return readQuoted(text, at + 1, quote, flags)
}

function readQuoted(text: ByteString, start: number, quote: string, flags: MultipartFlags): ParameterValue {
  let value = ''
  let from = start
  for (let at = start; at < text.length; at += 1) {
    const byte = text.charAt(at)
    if (byte === quote)
      return { value: (value + text.slice(from, at)) as ByteString, isQuoted: true, end: at + 1 }
    const next = text.charAt(at + 1)
    // Any other backslash is one of a path, which old browsers send whole.
    if (byte === '\\' && (next === quote || next === '\\')) {
      value += text.slice(from, at) + next
      at += 1
      from = at + 1
    }
  }
  flags.note('MULTIPART_INVALID_QUOTING')
  flags.fail('a quote that is not closed')
  return { value: (value + text.slice(from)) as ByteString, isQuoted: true, end: text.length }
}

function readToken(text: ByteString, start: number): ParameterValue {
  let end = start
  while (end < text.length && !'; \t"'.includes(text.charAt(end))) end += 1
  return { value: text.slice(start, end) as ByteString, isQuoted: false, end }
}
