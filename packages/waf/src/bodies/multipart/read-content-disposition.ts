import type { ByteString } from '../../language/bytes.ts'
import { isBlank } from '../blanks.ts'
import type { MultipartFlags } from './multipart-flags.ts'
import { readParameterValue } from './read-parameter-value.ts'

/** What a part says of itself. Well-formed parts have one name and at most one file name. */
export interface Disposition {
  readonly names: readonly ByteString[]
  readonly filenames: readonly ByteString[]
}

/**
 * Reads the `Content-Disposition` of a part (RFC 7578 section 4.2). Reads on after every mistake, so that each name that
 * some backend may choose is known: a repeated parameter gives a further name, `filename*` (RFC 8187) a further file
 * name, a lone quote ends with the header.
 */
export function readContentDisposition(value: ByteString, flags: MultipartFlags): Disposition {
  const names: ByteString[] = []
  const filenames: ByteString[] = []
  const type = /^[^; \t]*/.exec(value)?.[0] ?? ''
  if (type.toLowerCase() !== 'form-data') flags.fail('a Content-Disposition that is not form-data')
  let at = afterSeparator(value, type.length, flags)
  while (at < value.length) {
    const nameEnd = endOfName(value, at)
    const name = value.slice(at, nameEnd).toLowerCase()
    const equals = skipBlanks(value, nameEnd)
    if (nameEnd === at || value.charAt(equals) !== '=') {
      flags.fail('a malformed Content-Disposition')
      // One byte on at the least: the loop ends with the header.
      at = skipSeparators(value, Math.max(equals, at + 1))
      continue
    }
    const parameter = readParameterValue(value, skipBlanks(value, equals + 1), flags)
    // RFC 8187 has single quotes within the value of `filename*`; elsewhere some take them off and some do not.
    if (!parameter.isQuoted && name !== 'filename*' && parameter.value.includes("'")) {
      flags.note('MULTIPART_INVALID_QUOTING')
    }
    keepParameter(name, parameter.value, names, filenames, flags)
    at = afterSeparator(value, parameter.end, flags)
  }
  if (names.length === 0) flags.fail('a part without a name')
  return { names, filenames }
}

function keepParameter(
  name: string,
  value: ByteString,
  names: ByteString[],
  filenames: ByteString[],
  flags: MultipartFlags,
): void {
  if (names.length + filenames.length >= maximumNames) {
    flags.fail('too many names of one part')
  } else if (name === 'name') {
    if (names.push(value) > 1) flags.fail('two names of one part')
  } else if (name === 'filename') {
    if (filenames.push(value) > 1) flags.fail('two file names of one part')
  } else if (name === 'filename*') {
    filenames.push(decodeExtendedValue(value))
    // RFC 7578 section 4.2 forbids it, and which of the two names counts differs from backend to backend.
    if (filenames.length > 1 && filenames[0] !== filenames[1]) flags.fail('two file names of one part')
  } else {
    flags.fail('an unknown parameter of a Content-Disposition')
  }
}

// Each name is one more place to put the content in.
const maximumNames = 8

/** `UTF-8''a%20b` as the bytes of `a b`; what is written otherwise stays. */
function decodeExtendedValue(value: ByteString): ByteString {
  const encoded = value.slice(value.indexOf("'", value.indexOf("'") + 1) + 1)
  return encoded.replaceAll(/%([0-9A-Fa-f]{2})/g, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  ) as ByteString
}

function afterSeparator(value: ByteString, from: number, flags: MultipartFlags): number {
  const at = skipBlanks(value, from)
  if (at >= value.length) return at
  if (value.charAt(at) !== ';') {
    flags.note('MULTIPART_MISSING_SEMICOLON')
    const byte = value.charAt(at)
    if (byte === '"' || byte === "'") flags.note('MULTIPART_INVALID_QUOTING')
  }
  return skipSeparators(value, at)
}

function skipSeparators(value: ByteString, from: number): number {
  let at = from
  while (at < value.length && (value.charAt(at) === ';' || isBlank(value.charCodeAt(at)))) at += 1
  return at
}

function skipBlanks(value: ByteString, from: number): number {
  let at = from
  while (at < value.length && isBlank(value.charCodeAt(at))) at += 1
  return at
}

function endOfName(value: ByteString, from: number): number {
  let at = from
  while (at < value.length && !'=; \t"'.includes(value.charAt(at))) at += 1
  return at
}
