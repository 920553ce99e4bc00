const keptBytes = 1 << 20

let kept = Buffer.allocUnsafeSlow(1 << 14)

/** From this length on, to copy a text into an array costs less than to read it from the string, which may be a part of another one. */
export const worthCopying = 16

/**
 * The bytes of a text in an array that is longer than it. It is the same array every time: what is in it holds until the next call,
 * which nobody makes who has not read all of it. Above 1 MiB it is made anew.
 */
export function scratchBytesOf(text: string): Uint8Array {
  const bytes = room(text.length)
  bytes.write(text, 0, 'latin1')
  return bytes
}

function room(length: number): Buffer {
  if (length <= kept.length) return kept
  if (length > keptBytes) return Buffer.allocUnsafeSlow(length)
  kept = Buffer.allocUnsafeSlow(Math.min(keptBytes, length * 2))
  return kept
}
