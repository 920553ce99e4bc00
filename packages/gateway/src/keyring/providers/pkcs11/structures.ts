import { getRawPointer } from 'node:ffi'

/** Bytes of the tag of AES-GCM. */
export const tagBytes = 16

/** CKM_AES_GCM. */
const aesGcm = 0x1087n

/** An attribute of an object, as its bytes in memory; a number as CK_ULONG. */
export type Attribute = readonly [type: number, value: number | boolean | string]

/** One message of AES-GCM. */
export interface GcmInput {
  readonly nonce: Buffer
  readonly associated: Uint8Array
  readonly input: Uint8Array
}

/** CK_ULONGs one after another. */
export function ulongs(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(value, 8 * at)
  return bytes
}

/** CK_ULONGs, as many as a count of the module's says. */
export function readUlongs(bytes: Buffer, count: Buffer): readonly bigint[] {
  const length = Number(count.readBigUInt64LE())
  return Array.from({ length }, (_, at) => bytes.readBigUInt64LE(8 * at))
}

/** Structures with pointers in them, and what those point at: it must be held for as long as a call may look at it. */
export interface Template {
  readonly bytes: Buffer
  readonly values: readonly Buffer[]
}

/** CK_ATTRIBUTE: type, pointer to the value, its length. */
export function writeTemplate(attributes: readonly Attribute[]): Template {
  const values = attributes.map(([, value]) => {
    if (typeof value === 'number') return ulongs(BigInt(value))
    return typeof value === 'boolean' ? Buffer.of(value ? 1 : 0) : Buffer.from(value, 'utf8')
  })
  const members = attributes.flatMap(([type], at) => {
    const value = values[at] ?? Buffer.alloc(0)
    return [BigInt(type), pointerTo(value), BigInt(value.length)]
  })
  return { bytes: ulongs(...members), values }
}

/** CK_MECHANISM with CK_GCM_PARAMS: nonce, its length in bytes and in bits, associated data, its length, bits of the tag. */
export function writeGcm({ nonce, associated }: GcmInput): Template {
  const data = Buffer.from(associated)
  const parameters = ulongs(
    pointerTo(nonce),
    BigInt(nonce.length),
    BigInt(nonce.length * 8),
    pointerTo(data),
    BigInt(data.length),
    BigInt(tagBytes * 8),
  )
  const bytes = ulongs(aesGcm, pointerTo(parameters), BigInt(parameters.length))
  return { bytes, values: [nonce, data, parameters] }
}

function pointerTo(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : getRawPointer(bytes)
}
