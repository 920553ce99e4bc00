import type { ByteString } from '../../language/bytes.ts'
import { bytesOf } from '../../language/bytes.ts'

/**
 * The content of a part with its `Content-Transfer-Encoding` undone (RFC 2045 sections 6.7 and 6.8), or `undefined`
 * where there is none to undo. Browsers never send one and RFC 7578 deprecates it, yet some backends honour it: the
 * caller shows rules both forms.
 */
export function undoTransferEncoding(
  content: ByteString,
  encoding: ByteString | undefined,
): ByteString | undefined {
  const name = encoding?.toLowerCase()
  if (name === 'base64') return bytesOf(Buffer.from(content, 'base64'))
  if (name !== 'quoted-printable') return undefined
  return content.replaceAll(quotedPrintable, (_escape, hex: string | undefined) =>
    hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16)),
  ) as ByteString
}

const quotedPrintable = /=(?:([0-9A-Fa-f]{2})|\r?\n)/g
