/** A request's body with its media type. */
export interface HostileBody {
  readonly type: string
  readonly bytes: Buffer
}

/** Bytes of a piece, where a value is sent in many. */
const pieceBytes = 64

const boundary = 'gateward'

/** How a value, a character a byte, is sent: whole in one field, or in many pieces. */
const writers: Readonly<Record<string, (text: string) => HostileBody>> = {
  form: (text) => body('application/x-www-form-urlencoded', `comment=${escapeForm(text)}`),
  json: (text) => body('application/json', JSON.stringify({ comment: plain(text) })),
  list: (text) => body('application/json', JSON.stringify({ comment: piecesOf(plain(text)) })),
  multipart: (text) => multipart([text]),
  // What stands around so short a part is as long as the part.
  parts: (text) => multipart(piecesOf(text.slice(0, text.length / 2))),
  xml: (text) => xml([text]),
  elements: (text) => xml(piecesOf(text)),
}

/** The body that sends a value in one of those ways. */
export function bodyOf(kind: string, text: string): HostileBody {
  const write = writers[kind]
  if (write === undefined) throw new Error(`a body is one of ${Object.keys(writers).join(', ')}`)
  return write(text)
}

function body(type: string, text: string): HostileBody {
  return { type, bytes: Buffer.from(text, 'latin1') }
}

function piecesOf(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${pieceBytes}}`, 'g')) ?? []
}

function multipart(values: readonly string[]): HostileBody {
  const parts = values.map(
    (value, index) => `--${boundary}\r\nContent-Disposition: form-data; name="f${index}"\r\n\r\n${value}\r\n`,
  )
  return body(`multipart/form-data; boundary=${boundary}`, `${parts.join('')}--${boundary}--\r\n`)
}

/** Half of each value as an attribute, half as text. */
function xml(values: readonly string[]): HostileBody {
  const elements = values.map((value) => {
    const [attribute, text] = [value.slice(0, value.length / 2), value.slice(value.length / 2)]
    return `<e a="${escapeXml(attribute)}">${escapeXml(text)}</e>`
  })
  return body('application/xml', `<?xml version="1.0"?><r>${elements.join('')}</r>`)
}

/** High bytes would be two each in JSON, and the body longer than was asked for. */
function plain(text: string): string {
  return text.replace(/[\x80-\xff]/g, '?')
}

function escapeForm(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** What XML has no place for becomes a blank. */
function escapeXml(text: string): string {
  return plain(text)
    .replace(/[^ -~\t\r\n]/g, ' ')
    .replace(/[<&"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
