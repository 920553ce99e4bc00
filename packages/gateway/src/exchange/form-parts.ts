import { readFormBody } from './form-body.ts'
import { parseMediaType } from './media-type.ts'
import { readMultipart, type FormPart } from './multipart.ts'

/** One field of a form of either kind. */
export interface FormEntry {
  readonly name: string
  /** `undefined`: a file, or something else than plain text. */
  readonly text: string | undefined
}

/** What becomes of an entry: another text, nothing, or entries that are added behind it. */
export interface FormEdit {
  readonly text?: string
  readonly isRemoved?: boolean
  readonly added?: readonly (readonly [name: string, text: string])[]
}

/** A form in wire order, to be written anew with some of its entries changed and every other byte as it was. */
export interface FormParts {
  readonly entries: readonly FormEntry[]
  /** @param edits by the index of the entry; they never remove all */
  write(edits: ReadonlyMap<number, FormEdit>): Buffer
}

export type FormPartsReading =
  | { readonly kind: 'form'; readonly form: FormParts }
  /** `reason` quotes nothing of the body. */
  | { readonly kind: 'refused'; readonly reason: string }

/** More than any contract's form has, and few enough to be walked in no time. */
const mostEntries = 1_000

/** Reads `application/x-www-form-urlencoded`. */
export function readUrlencodedParts(bytes: Buffer): FormPartsReading {
  const reading = readFormBody(bytes, mostEntries)
  if (reading.kind === 'refused') return reading
  const pieces = bytes.toString('latin1').split('&')
  const write = (edits: ReadonlyMap<number, FormEdit>): Buffer => {
    const written: string[] = []
    for (const [at, piece] of pieces.entries()) {
      const { text, isRemoved, added = [] } = edits.get(at) ?? {}
      const [name = ''] = piece.split('=', 1)
      if (isRemoved !== true) written.push(text === undefined ? piece : `${name}=${encode(text)}`)
      for (const [beside, value] of added) written.push(`${encode(beside)}=${encode(value)}`)
    }
    return Buffer.from(written.join('&'), 'latin1')
  }
  const entries = reading.fields.map(([name, text]) => ({ name, text }))
  return { kind: 'form', form: { entries, write } }
}

/** Reads `multipart/form-data`. */
export function readMultipartParts(bytes: Buffer, contentType: string): FormPartsReading {
  const boundary = parseMediaType(contentType)?.parameters.get('boundary')
  const reading = readMultipart(bytes, boundary, mostEntries)
  if (reading.kind === 'refused') return reading
  const write = (edits: ReadonlyMap<number, FormEdit>): Buffer => {
    const written: Buffer[] = []
    let at = 0
    for (const [index, part] of reading.parts.entries()) {
      const [start, end] = extentOf(part, bytes)
      const edit = edits.get(index)
      // From the end of the part before: its delimiter, and this one's headers.
      if (edit?.isRemoved !== true) {
        // The first delimiter of a body has no line end before it.
        const from = at > 0 && written.length === 0 ? at + 2 : at
        written.push(
          bytes.subarray(from, start),
          edit?.text === undefined ? part.bytes : Buffer.from(edit.text),
        )
      }
      for (const [name, text] of edit?.added ?? [])
        written.push(Buffer.from(`\r\n--${boundary}\r\n${dispositionOf(name)}\r\n\r\n${text}`))
      at = end
    }
    return Buffer.concat([...written, bytes.subarray(at)])
  }
  return { kind: 'form', form: { entries: reading.parts.map(toEntry), write } }
}

function toEntry({ name, filename, contentType, bytes }: FormPart): FormEntry {
  const isText = filename === undefined && (contentType === undefined || /^text\/plain\b/i.test(contentType))
  return { name, text: isText ? bytes.toString() : undefined }
}

// A part is a piece of the body's own memory.
function extentOf(part: FormPart, body: Buffer): readonly [start: number, end: number] {
  const start = part.bytes.byteOffset - body.byteOffset
  return [start, start + part.bytes.length]
}

// RFC 7578 section 4.2 leaves the escape to the living standard of HTML.
function dispositionOf(name: string): string {
  const escaped = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `Content-Disposition: form-data; name="${escaped}"`
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /['()!~*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
