import type { ByteString } from '../language/bytes.ts'
import { copyInto, scratch, written } from './scratch.ts'

/** `t:replaceComments`: a space for each comment of C (slash, star), also for one that never ends; a stray end of comment stays. */
export function replaceComments(input: ByteString): ByteString {
  if (!input.includes('/*')) return input
  const output = scratch(input.length)
  let length = 0
  let index = 0
  for (;;) {
    const start = input.indexOf('/*', index)
    const stop = start < 0 ? input.length : start
    length += copyInto(output, length, input, index, stop)
    if (start < 0) return written(output, length)
    output[length] = 0x20
    length += 1
    const end = input.indexOf('*/', start + 2)
    index = end < 0 ? input.length : end + 2
  }
}

/**
 * `t:removeComments`: without C's and HTML's comments, and without what `--` or `#` begin. As in ModSecurity a comment that never
 * ends leaves a space, and one at the very end a byte 0x00.
 */
export function removeComments(input: ByteString): ByteString {
  if (!hasCommentSign(input)) return input
  const output = scratch(input.length)
  let length = 0
  let index = 0
  while (index < input.length) {
    const opening = startsComment(input, index)
    if (opening > 0) {
      index = commentEnd(input, index + opening)
      if (index === input.length) output[length++] = 0x00
      if (index > input.length) output[length++] = 0x20
      continue
    }
    const byte = input.charCodeAt(index)
    if (byte === 0x23 || (byte === 0x2d && input.charCodeAt(index + 1) === 0x2d)) break
    output[length++] = byte
    index += 1
  }
  return length === input.length ? input : written(output, length)
}

/** `t:removeCommentsChar`: without the signs that begin and end comments, `/*`, their closing, `--`, `#`, `<!--`, `-->`. */
export function removeCommentsChar(input: ByteString): ByteString {
  if (!hasCommentSign(input) && !input.includes('*/')) return input
  const output = scratch(input.length)
  let length = 0
  let index = 0
  while (index < input.length) {
    const sign = signSize(input, index)
    index += sign
    if (sign > 0) continue
    output[length++] = input.charCodeAt(index)
    index += 1
  }
  return length === input.length ? input : written(output, length)
}

function hasCommentSign(input: ByteString): boolean {
  return input.includes('/*') || input.includes('--') || input.includes('#')
}

function startsComment(input: ByteString, index: number): number {
  return input.startsWith('/*', index) ? 2 : input.startsWith('<!--', index) ? 4 : 0
}

/** The index after the comment's end, beyond the input where it has none. Either kind of end closes either kind of comment. */
function commentEnd(input: ByteString, index: number): number {
  for (let at = index; at < input.length; at += 1) {
    if (input.startsWith('*/', at)) return at + 2
    if (input.startsWith('-->', at)) return at + 3
  }
  return input.length + 1
}

function signSize(input: ByteString, index: number): number {
  switch (input.charCodeAt(index)) {
    case 0x2f:
      return input.startsWith('/*', index) ? 2 : 0
    case 0x2a:
      return input.startsWith('*/', index) ? 2 : 0
    case 0x3c:
      return input.startsWith('<!--', index) ? 4 : 0
    case 0x2d:
      return input.startsWith('-->', index) ? 3 : input.startsWith('--', index) ? 2 : 0
    case 0x23:
      return 1
    default:
      return 0
  }
}
