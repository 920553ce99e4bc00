import { tableOf } from './byte-tables.ts'
import { dropBytes } from './drop-bytes.ts'
import { mapBytes } from './map-bytes.ts'

/** `t:removeNulls`: without the bytes 0x00. */
export const removeNulls = dropBytes(tableOf('\0'))

/** `t:replaceNulls`: a space for each byte 0x00. */
export const replaceNulls = mapBytes((byte) => (byte === 0 ? 0x20 : byte))
