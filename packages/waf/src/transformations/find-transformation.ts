import type { ByteString } from '../language/bytes.ts'
import { base64Decode, base64DecodeExt, base64Encode } from './base64.ts'
import { base64DecodeText } from './base64-text.ts'
import { commandLine } from './command-line.ts'
import { removeComments, removeCommentsChar, replaceComments } from './comments.ts'
import { cssDecode } from './css-decode.ts'
import { md5, sha1 } from './digests.ts'
import { escapeSeqDecode } from './escape-seq-decode.ts'
import { hexDecode, hexEncode, sqlHexDecode } from './hex.ts'
import { htmlEntityDecode } from './html-entity-decode.ts'
import { jsDecode } from './js-decode.ts'
import { length } from './length.ts'
import { lowercase, uppercase } from './letter-case.ts'
import { normalizePath, normalizePathWin } from './normalize-path.ts'
import { removeNulls, replaceNulls } from './nulls.ts'
import { parityEven7bit, parityOdd7bit, parityZero7bit } from './parity.ts'
import { phpArgsNames } from './php-args-names.ts'
import type { Transformation } from './transformation.ts'
import { urlDecodeUni } from './url-decode-uni.ts'
import { percentDecode, urlDecode } from './url-decode.ts'
import { urlEncode } from './url-encode.ts'
import { utf8ToUnicode } from './utf8-to-unicode.ts'
import { compressWhitespace, removeWhitespace, trim, trimLeft, trimRight } from './whitespace.ts'

const transformations = {
  base64Decode,
  base64DecodeExt,
  base64DecodeText,
  base64Encode,
  cmdLine: commandLine,
  compressWhitespace,
  cssDecode,
  escapeSeqDecode,
  hexDecode,
  hexEncode,
  htmlEntityDecode,
  jsDecode,
  length,
  lowercase,
  md5,
  none,
  normalisePath: normalizePath,
  normalisePathWin: normalizePathWin,
  normalizePath,
  normalizePathWin,
  parityEven7bit,
  parityOdd7bit,
  parityZero7bit,
  percentDecode,
  phpArgsNames,
  removeComments,
  removeCommentsChar,
  removeNulls,
  removeWhitespace,
  replaceComments,
  replaceNulls,
  sha1,
  sqlHexDecode,
  trim,
  trimLeft,
  trimRight,
  uppercase,
  urlDecode,
  urlDecodeUni,
  urlEncode,
  utf8toUnicode: utf8ToUnicode,
} as const satisfies Record<string, Transformation>

const byName: ReadonlyMap<string, Transformation> = new Map(
  Object.entries(transformations).map(([name, transformation]) => [name.toLowerCase(), transformation]),
)

/** The names of all transformations as they are usually written, to tell what a misspelt one may have meant. */
export const transformationNames: readonly string[] = Object.keys(transformations)

/** The transformation that `t:name` means, in any letter case; undefined where there is none of that name. */
export function findTransformation(name: string): Transformation | undefined {
  return byName.get(name.toLowerCase())
}

/** `t:none` changes nothing; that it also forgets the transformations before it is the compiler's part. */
function none(input: ByteString): ByteString {
  return input
}
