import type { ByteString } from '../language/bytes.ts'
import { mapBytes } from './map-bytes.ts'
import { copyInto, scratch, written } from './scratch.ts'

const slash = 0x2f
const dot = 0x2e

const backslashesToSlashes = mapBytes((byte) => (byte === 0x5c ? slash : byte))

/** `t:normalizePathWin`: as `normalizePath` after every backslash became a slash. */
export function normalizePathWin(input: ByteString): ByteString {
  return normalizePath(backslashesToSlashes(input))
}

/**
 * `t:normalizePath`: without empty and `.` segments and with `..` resolved. An absolute path never climbs above its root, a
 * relative one keeps the `..` it starts with; a slash at the end stays.
 */
export function normalizePath(input: ByteString): ByteString {
  if (!needsWork(input)) return input
  const output = scratch(input.length)
  const isAbsolute = input.charCodeAt(0) === slash
  const root = isAbsolute ? 1 : 0
  output[0] = slash
  let length = root
  // Below this length stand the `..` that nothing can take back.
  let floor = root
  let start = root
  while (start < input.length) {
    const end = segmentEnd(input, start)
    const size = end - start
    const isParent = size === 2 && input.charCodeAt(start) === dot && input.charCodeAt(start + 1) === dot
    const isEmpty = size === 0 || (size === 1 && input.charCodeAt(start) === dot)
    if (isParent && length > floor) {
      length = parentLength(output, length, floor)
    } else if (!isEmpty && !(isParent && isAbsolute)) {
      if (length > root) output[length++] = slash
      length += copyInto(output, length, input, start, end)
      if (isParent) floor = length
    }
    start = end + 1
  }
  if (length > root && input.charCodeAt(input.length - 1) === slash) output[length++] = slash
  const unchanged = length === input.length
  return unchanged ? input : written(output, length)
}

function needsWork(input: ByteString): boolean {
  return input.includes('//') || input.includes('./') || input.endsWith('.')
}

function segmentEnd(input: ByteString, start: number): number {
  const end = input.indexOf('/', start)
  return end < 0 ? input.length : end
}

/** Where the output ends without its last segment and the slash before it. */
function parentLength(output: Buffer, length: number, floor: number): number {
  let end = length
  while (end > floor && output[end - 1] !== slash) end -= 1
  return Math.max(floor, end - 1)
}
