import type { ByteString } from '../language/bytes.ts'

const keptBytes = 1 << 20

let kept = Buffer.allocUnsafeSlow(1 << 14)

/**
 * A buffer of at least `length` bytes to write a result into. It is the same one every time: what is in it holds until the next
 * call. Safe because a transformation neither waits nor calls another one while it writes. Above 1 MiB it is made anew, so that
 * one huge value is not held for ever.
 */
export function scratch(length: number): Buffer {
  if (length <= kept.length) return kept
  if (length > keptBytes) return Buffer.allocUnsafeSlow(length)
  kept = Buffer.allocUnsafeSlow(Math.min(keptBytes, length * 2))
  return kept
}

/** The first `length` bytes of a buffer as a value of the engine. */
export function written(buffer: Buffer, length: number): ByteString {
  return buffer.toString('latin1', 0, length) as ByteString
}

/** Writes the bytes of `input` from `start` up to `end` into a buffer at `at`; answers how many they are. */
export function copyInto(buffer: Buffer, at: number, input: ByteString, start: number, end: number): number {
  if (start === end) return 0
  const part = start === 0 && end === input.length ? input : input.slice(start, end)
  return buffer.write(part, at, 'latin1')
}
