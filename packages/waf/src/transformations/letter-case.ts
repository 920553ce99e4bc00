import { mapBytes } from './map-bytes.ts'

/** `t:lowercase`: A to Z only, whatever the locale; bytes from 0x80 on are no letters. */
export const lowercase = mapBytes((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))

/** `t:uppercase`: a to z only, whatever the locale. */
export const uppercase = mapBytes((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte))
