import type { ByteString } from '../../language/bytes.ts'
import { utf8Of } from '../encoding/utf8.ts'

/**
 * The bytes that the well-formed content of a JSON string stands for (RFC 8259 section 7). Half a surrogate pair becomes
 * the three bytes that UTF-8 would have for it, as it does in backends that let it through.
 */
export function unescapeJson(content: ByteString): ByteString {
  return content.replace(escapes, meaningOf) as ByteString
}

const escapes = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|["\\/bfnrt])/g

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function meaningOf(escape: string): string {
  if (escape.length === 2) return shortEscapes[escape.charAt(1)] ?? escape.charAt(1)
  const unit = Number.parseInt(escape.slice(2, 6), 16)
  if (escape.length === 6) return utf8Of(unit)
  const low = Number.parseInt(escape.slice(8), 16)
  return utf8Of(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
}
