import type { ByteString } from '../../language/bytes.ts'
import { utf8Of } from '../encoding/utf8.ts'

/** A text with its references expanded; what could not be expanded stays as it was written. */
export interface ExpandedText {
  readonly text: ByteString
  readonly isBroken: boolean
}

/**
 * Expands the five predefined entities and character references (XML 1.0 sections 4.1 and 4.6), once. Each becomes at
 * most as many bytes as it was written with, so no text grows.
 */
export function expandReferences(written: ByteString): ExpandedText {
  if (!written.includes('&')) return { text: written, isBroken: false }
  let isBroken = false
  const text = written.replaceAll(references, (reference, name: string | undefined) => {
    const meaning = name === undefined ? undefined : meaningOf(name)
    isBroken ||= meaning === undefined
    return meaning ?? reference
  }) as ByteString
  return { text, isBroken }
}

const references = /&(?:(#[0-9]{1,10}|#x[0-9A-Fa-f]{1,10}|[a-z]{2,4});)?/g

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

function meaningOf(name: string): string | undefined {
  if (!name.startsWith('#')) return entities.get(name)
  const isHexadecimal = name.charAt(1) === 'x'
  const codePoint = Number.parseInt(name.slice(isHexadecimal ? 2 : 1), isHexadecimal ? 16 : 10)
  return codePoint > 0 && codePoint <= 0x10ffff ? utf8Of(codePoint) : undefined
}
