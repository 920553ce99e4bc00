import type { ByteString } from '../../language/bytes.ts'
import { utf8Of } from '../encoding/utf8.ts'

/**
 * A text with the five predefined entities and character references expanded, once (XML 1.0 sections 4.1 and 4.6), or
 * `undefined` where it has any other reference. Each becomes at most as many bytes as it was written with, so no text
 * grows.
 */
export function expandReferences(written: ByteString): ByteString | undefined {
  if (!written.includes('&')) return written
  if (brokenReference.test(written)) return undefined
  return written.replaceAll(references, (_reference, name: string) => meaningOf(name)) as ByteString
}

const brokenReference = /&(?!(?:#0*(?!0)[0-9]{1,7}|#x0*(?!0)[0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos);)/

const references = /&([^;]{2,});/g

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

function meaningOf(name: string): string {
  if (!name.startsWith('#')) return entities.get(name) ?? ''
  const isHexadecimal = name.charAt(1) === 'x'
  const codePoint = Number.parseInt(name.slice(isHexadecimal ? 2 : 1), isHexadecimal ? 16 : 10)
  // Beyond Unicode there is no character, and no reader that finds one.
  return codePoint <= 0x10ffff ? utf8Of(codePoint) : replacementCharacter
}

const replacementCharacter = utf8Of(0xfffd)
