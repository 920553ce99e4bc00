import { base64DecodeText } from './base64-text.ts'
import { base64Encode } from './base64.ts'
import { tableOf } from './byte-tables.ts'
import { commandLine } from './command-line.ts'
import { removeComments, removeCommentsChar, replaceComments } from './comments.ts'
import { cssDecode } from './css-decode.ts'
import { escapeSeqDecode } from './escape-seq-decode.ts'
import { hexEncode, sqlHexDecode } from './hex.ts'
import { htmlEntityDecode } from './html-entity-decode.ts'
import { jsDecode } from './js-decode.ts'
import { lowercase, uppercase } from './letter-case.ts'
import { normalizePath, normalizePathWin } from './normalize-path.ts'
import { removeNulls, replaceNulls } from './nulls.ts'
import { parityZero7bit } from './parity.ts'
import type { Transformation } from './transformation.ts'
import { urlDecodeUni } from './url-decode-uni.ts'
import { percentDecode, urlDecode } from './url-decode.ts'
import { utf8ToUnicode } from './utf8-to-unicode.ts'
import { compressWhitespace, removeWhitespace, trim, trimLeft, trimRight } from './whitespace.ts'

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const spaces = '\t\n\v\f\r '
const highBytes = bytesFrom(0x80)

const touched: ReadonlyMap<Transformation, Uint8Array> = new Map<Transformation, Uint8Array>([
  [base64DecodeText, tableOf(capitals)],
  [commandLine, tableOf(`${capitals}${spaces}"'\\^,;`)],
  [compressWhitespace, tableOf(`${spaces}\xa0`)],
  [cssDecode, tableOf('\\')],
  [escapeSeqDecode, tableOf('\\')],
  [htmlEntityDecode, tableOf('&')],
  [jsDecode, tableOf('\\')],
  [lowercase, tableOf(capitals)],
  [normalizePath, tableOf('/.')],
  [normalizePathWin, tableOf('/.\\')],
  [parityZero7bit, tableOf(highBytes)],
  [percentDecode, tableOf('%')],
  [removeComments, tableOf('/-#')],
  [removeCommentsChar, tableOf('/*-#')],
  [removeNulls, tableOf('\0')],
  [removeWhitespace, tableOf(`${spaces}\xa0`)],
  [replaceComments, tableOf('/')],
  [replaceNulls, tableOf('\0')],
  [sqlHexDecode, tableOf('xX')],
  [trim, tableOf(spaces)],
  [trimLeft, tableOf(spaces)],
  [trimRight, tableOf(spaces)],
  [uppercase, tableOf(capitals.toLowerCase())],
  [urlDecode, tableOf('%+')],
  [urlDecodeUni, tableOf('%+')],
  [utf8ToUnicode, tableOf(highBytes)],
  // The empty value alone stays as it is.
  [base64Encode, tableOf(bytesFrom(0))],
  [hexEncode, tableOf(bytesFrom(0))],
])

/** The bytes without any of which a transformation leaves a value as it is; undefined where it may change every value. */
export function touchedBytes(transformation: Transformation): Uint8Array | undefined {
  return touched.get(transformation)
}

function bytesFrom(first: number): string {
  return Array.from({ length: 256 - first }, (_, index) => String.fromCharCode(first + index)).join('')
}
