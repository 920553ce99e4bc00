import type { ByteString } from '../language/bytes.ts'
import { tableOf } from './byte-tables.ts'
import { dropBytes } from './drop-bytes.ts'
import { mapBytes } from './map-bytes.ts'

const dropNulls = dropBytes(tableOf('\0'))
const nullsToSpaces = mapBytes((byte) => (byte === 0 ? 0x20 : byte))

/** `t:removeNulls`: without the bytes 0x00. */
export function removeNulls(input: ByteString): ByteString {
  return input.includes('\0') ? dropNulls(input) : input
}

/** `t:replaceNulls`: a space for each byte 0x00. */
export function replaceNulls(input: ByteString): ByteString {
  return input.includes('\0') ? nullsToSpaces(input) : input
}
