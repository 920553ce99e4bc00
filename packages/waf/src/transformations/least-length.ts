import { base64Decode, base64DecodeExt } from './base64.ts'
import { commandLine } from './command-line.ts'
import { removeComments, removeCommentsChar, replaceComments } from './comments.ts'
import { cssDecode } from './css-decode.ts'
import { escapeSeqDecode } from './escape-seq-decode.ts'
import { hexDecode, sqlHexDecode } from './hex.ts'
import { htmlEntityDecode } from './html-entity-decode.ts'
import { jsDecode } from './js-decode.ts'
import { lowercase, uppercase } from './letter-case.ts'
import { normalizePath, normalizePathWin } from './normalize-path.ts'
import { removeNulls, replaceNulls } from './nulls.ts'
import type { Transformation } from './transformation.ts'
import { urlDecodeUni } from './url-decode-uni.ts'
import { percentDecode, urlDecode } from './url-decode.ts'
import { compressWhitespace, removeWhitespace, trim, trimLeft, trimRight } from './whitespace.ts'

/** For how many bytes of the result a transformation takes how many of its input, at least. */
const bytesFor: ReadonlyMap<Transformation, number> = new Map<Transformation, number>([
  ...[base64Decode, base64DecodeExt].map((decoding) => [decoding, 4 / 3] as const),
  ...[hexDecode].map((decoding) => [decoding, 2] as const),
  ...[
    commandLine,
    compressWhitespace,
    cssDecode,
    escapeSeqDecode,
    htmlEntityDecode,
    jsDecode,
    lowercase,
    normalizePath,
    normalizePathWin,
    percentDecode,
    removeComments,
    removeCommentsChar,
    removeNulls,
    removeWhitespace,
    replaceComments,
    replaceNulls,
    sqlHexDecode,
    trim,
    trimLeft,
    trimRight,
    uppercase,
    urlDecode,
    urlDecodeUni,
  ].map((shortening) => [shortening, 1] as const),
])

/** How long a value has to be at least so that its form may have so many bytes; 0 where that is not known. */
export function leastLengthBefore(transformation: Transformation, length: number): number {
  return Math.ceil(length * (bytesFor.get(transformation) ?? 0))
}
