import type { Brand } from '@gateward/kernel'
import { findForbiddenCodePoint } from './forbidden-code-points.ts'

/**
 * The one reading of a request's path: router, guards, WAF and upstream all use these same bytes.
 * Only `toCanonicalPath` makes it; what can be read in two ways has none.
 */
export type CanonicalPath = Brand<string, 'CanonicalPath'>

/** The path that a request target names, or why it has no single reading; `reason` quotes nothing of it. */
export type PathReading =
  | { readonly kind: 'path'; readonly path: CanonicalPath; readonly query: string }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads a request target in origin-form (RFC 9112 section 3.2.1) as its one canonical path and raw query.
 * Escapes of unreserved characters become those characters, the hex digits of the others upper case; nothing else is
 * changed. Everything that routers, file systems and frameworks are known to read in different ways is refused:
 * encoded or backward slashes, encoded dots, dot and empty segments, `;`, NUL and control characters, double encoding,
 * broken percent-encoding, UTF-8 that is not well-formed, and characters that RFC 3986 does not allow in a path.
 */
export function toCanonicalPath(target: string): PathReading {
  if (target.charCodeAt(0) !== slash) return refuse('the target is not a path beginning with /')
  const { length } = target
  let segmentStart = 1
  let hasEscapes = false
  let end = 1
  for (; end < length; end++) {
    const kind = kindOf(target.charCodeAt(end))
    if (kind === plain) continue
    if (kind === escape) hasEscapes = true
    else if (kind === queryStart) break
    else if (kind === forbidden) return refuse('the path holds a character that must be percent-encoded')
    else {
      const flaw = segmentFlaw(target, segmentStart, end, true)
      if (flaw !== undefined) return refuse(flaw)
      segmentStart = end + 1
    }
  }
  const flaw = segmentFlaw(target, segmentStart, end, false)
  if (flaw !== undefined) return refuse(flaw)
  const query = end < length ? target.slice(end + 1) : ''
  if (query !== '' && !isPlainQuery(query))
    return refuse('the query holds a character that must be percent-encoded')
  const path = end < length ? target.slice(0, end) : target
  return hasEscapes ? withEscapes(path, query) : { kind: 'path', path: path as CanonicalPath, query }
}

/** What a segment between two slashes may not be; the last one may be empty (`/a/`). */
function segmentFlaw(target: string, start: number, end: number, slashFollows: boolean): string | undefined {
  const length = end - start
  if (length > 2) return undefined
  if (length === 0) return slashFollows ? 'the path has an empty segment' : undefined
  if (target.charCodeAt(start) !== dot) return undefined
  return length === 1 || target.charCodeAt(start + 1) === dot ? 'the path has a dot segment' : undefined
}

// Segments were checked before this. That stays true: what an escape becomes here is neither a dot nor a slash.
function withEscapes(path: string, query: string): PathReading {
  let canonical = ''
  let copied = 0
  for (let index = path.indexOf('%'); index !== -1; index = path.indexOf('%', copied)) {
    const code = hexPair(path, index + 1)
    if (code === -1) return refuse('the path has a broken percent-encoding')
    const meaning = escapeMeanings[code] as number
    if (meaning === forbidden) return refuse('the path encodes a character that can be read in two ways')
    canonical += path.slice(copied, index)
    canonical += meaning === plain ? String.fromCharCode(code) : (escapeTexts[code] as string)
    copied = index + 3
  }
  canonical += path.slice(copied)
  if (doubleEncoding.test(canonical)) return refuse('the path is percent-encoded twice')
  if (!isAsciiOnly(canonical)) {
    const flaw = nonAsciiFlaw(canonical)
    if (flaw !== undefined) return refuse(flaw)
  }
  return { kind: 'path', path: canonical as CanonicalPath, query }
}

function nonAsciiFlaw(canonical: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(canonical)
  } catch {
    return 'the path is not well-formed UTF-8'
  }
  return findForbiddenCodePoint(decoded) === undefined
    ? undefined
    : 'the path encodes a character that can be read in two ways'
}

function refuse(reason: string): PathReading {
  return { kind: 'refused', reason }
}

/** No escape stands for a byte of 0x80 or more. */
function isAsciiOnly(canonical: string): boolean {
  return !highEscape.test(canonical)
}

function isPlainQuery(query: string): boolean {
  return plainQuery.test(query)
}

/** The value of two hex digits, or -1. */
function hexPair(text: string, index: number): number {
  const high = hexValue(text.charCodeAt(index))
  const low = hexValue(text.charCodeAt(index + 1))
  return high === -1 || low === -1 ? -1 : high * 16 + low
}

function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function kindOf(code: number): number {
  return code < 128 ? (kinds[code] as number) : forbidden
}

const slash = 0x2f
const dot = 0x2e

const forbidden = 0
const plain = 1
const escape = 2
const separator = 3
const queryStart = 4
const kept = 5

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'

// RFC 3986 section 3.3: pchar = unreserved / pct-encoded / sub-delims / ":" / "@"; `;` is left out, since some
// frameworks cut a segment at it and others do not.
const kinds = new Uint8Array(128)
for (const character of `${unreserved}!$&'()*+,=:@`) kinds[character.charCodeAt(0)] = plain
kinds[0x25] = escape
kinds[slash] = separator
kinds[0x3f] = queryStart

const escapeMeanings = new Uint8Array(256).fill(kept)
escapeMeanings.fill(forbidden, 0, 0x20)
for (const character of unreserved) escapeMeanings[character.charCodeAt(0)] = plain
for (const character of '/\\.;\u007f') escapeMeanings[character.charCodeAt(0)] = forbidden

const escapeTexts = Array.from(
  { length: 256 },
  (_, code) => `%${code.toString(16).toUpperCase().padStart(2, '0')}`,
)

const doubleEncoding = /%25(?:[0-9A-Fa-f]|u)/
const highEscape = /%[89A-F]/
// Printable ASCII but `#`, which would be a fragment: what a URL in a browser's or a person's hand holds.
const plainQuery = /^[!"$-~]*$/
