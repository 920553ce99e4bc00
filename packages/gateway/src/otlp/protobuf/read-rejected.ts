/**
 * How many items an answer refuses: `partial_success` (field 1), and of it the count (field 1 in every signal). An answer
 * that is no message says nothing of refusals.
 */
export function readRejected(answer: Uint8Array): number {
  const partial = readFields(answer)?.get(1)
  const rejected = partial instanceof Uint8Array ? readFields(partial)?.get(1) : undefined
  return typeof rejected === 'number' && Number.isSafeInteger(rejected) ? rejected : 0
}

/** Numbers and sized pieces of a message by their field; `undefined`: it is none. */
function readFields(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> | undefined {
  const fields = new Map<number, number | Uint8Array>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let factor = 1; at < bytes.length && factor < 2 ** 64; factor *= 0x80) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  while (at < bytes.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    if (tag % 8 === 0) fields.set(field, varint())
    else if (tag % 8 === 2) {
      const size = varint()
      if (!(size <= bytes.length - at)) return undefined
      fields.set(field, bytes.subarray(at, at + size))
      at += size
    } else return undefined
  }
  return fields
}
