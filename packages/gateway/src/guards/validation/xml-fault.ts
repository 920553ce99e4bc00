import { isUtf8 } from 'node:buffer'

/**
 * What makes an XML text unsafe to hand on, or `undefined`: another encoding than UTF-8, or a document type, which
 * is where external entities and entity expansion live (CWE-611, CWE-776). Elements are not looked at.
 */
export function findXmlFault(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return 'not UTF-8'
  const text = bytes.toString()
  if (!/^\ufeff?[ \t\r\n]*</.test(text)) return 'not XML'
  if (/<!(?:doctype|entity)/i.test(text)) return 'an XML document type'
  const declaration = /^\ufeff?<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})/.exec(text)
  if (declaration !== null && !/^(?:utf-8|us-ascii)$/i.test(declaration[1] ?? ''))
    return 'another encoding than UTF-8'
  return undefined
}
