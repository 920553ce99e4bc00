import { isUtf8 } from 'node:buffer'
import { reachesForPrototype } from './form-body.ts'
import { isUtf8Charset, parseMediaType } from './media-type.ts'

/** What the headers of a part say. */
export interface PartHead {
  readonly name: string
  readonly filename: string | undefined
  readonly contentType: string | undefined
}

/**
 * Reads the headers of one part (RFC 7578 section 4): `Content-Disposition: form-data` with a `name` and perhaps a
 * `filename`, and perhaps a `Content-Type`; nothing else, nothing twice, no folding. Returns what is wrong as text.
 */
export function readPartHead(bytes: Buffer): PartHead | string {
  if (!isUtf8(bytes)) return 'headers that are not UTF-8'
  const headers = new Map<string, string>()
  for (const line of bytes.toString().split('\r\n')) {
    const match = headerLine.exec(line)
    if (match === null) return 'a malformed header'
    const name = (match[1] as string).toLowerCase()
    if (headers.has(name)) return 'a header twice'
    if (!knownHeaders.has(name)) return 'an unknown header'
    headers.set(name, match[2] as string)
  }
  return readFields(headers)
}

const knownHeaders: ReadonlySet<string> = new Set(['content-disposition', 'content-type', 'content-length'])
const headerLine = /^([A-Za-z-]{1,40}):[ \t]*([\t\x20-\x7e\xa0-\uffff]{0,2000})$/

function readFields(headers: ReadonlyMap<string, string>): PartHead | string {
  const disposition = readDisposition(headers.get('content-disposition') ?? '')
  if (typeof disposition === 'string') return disposition
  const contentType = headers.get('content-type')
  if (contentType !== undefined) {
    const mediaType = parseMediaType(contentType.trim())
    if (mediaType === undefined) return 'a malformed Content-Type'
    // A part in parts is a second body that no guard would look into.
    if (mediaType.essence.startsWith('multipart/')) return 'a multipart within a multipart'
    if (!isUtf8Charset(mediaType)) return 'a charset other than UTF-8'
  }
  return { ...disposition, contentType }
}

function readDisposition(text: string): { name: string; filename: string | undefined } | string {
  const match = dispositionField.exec(text)
  if (match === null) return 'a malformed Content-Disposition'
  const [, , firstValue = '', , secondValue] = match
  const first = match[1]?.toLowerCase()
  const second = match[3]?.toLowerCase()
  if (first === second) return 'a parameter twice'
  const name = first === 'name' ? firstValue : second === 'name' ? secondValue : undefined
  const filename = first === 'filename' ? firstValue : second === 'filename' ? secondValue : undefined
  if (name === undefined || name === '') return 'no name'
  if (reachesForPrototype(name)) return 'a name that reaches for a prototype'
  if (filename !== undefined && isUnsafeFilename(filename)) return 'an unsafe filename'
  return { name, filename }
}

// Quoted, without backslashes: browsers write them as they are, RFC 9110 takes them for escapes. `filename*` is not for forms.
const dispositionField =
  /^form-data[ \t]*;[ \t]*(name|filename)="([^"\\]{0,1000})"(?:[ \t]*;[ \t]*(name|filename)="([^"\\]{0,1000})")?[ \t]*$/i

/** A name that means another place, hides its extension, or changes when a file system takes it. */
function isUnsafeFilename(filename: string): boolean {
  return (
    filename.length > 255 ||
    /[/\\:<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(filename) ||
    /^\.{1,2}$|[. ]$|^ /.test(filename) ||
    /%(?:00|2f|5c|2e)/i.test(filename)
  )
}
