const keptBytes = 1 << 20

let kept = Buffer.allocUnsafeSlow(1 << 14)

/**
 * The bytes of a text in an array, from which a walk reads each twice as fast as from the string. It is the same array every time and
 * longer than the text: what is in it holds until the next call, which no walk makes. Above 1 MiB it is made anew.
 */
export function bytesOfText(text: string): Uint8Array {
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
