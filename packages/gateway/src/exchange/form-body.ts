/** A form's fields in wire order, decoded. */
export type FormReading =
  | { readonly kind: 'fields'; readonly fields: readonly FormField[] }
  /** `reason` says what and at which byte, and quotes nothing of the text. */
  | { readonly kind: 'refused'; readonly reason: string }

export type FormField = readonly [name: string, value: string]

/**
 * Reads `application/x-www-form-urlencoded` so that every other reader finds the same fields: only what may stand
 * unescaped in a query,
 * whole percent-escapes of well-formed UTF-8, no empty names or pieces, no `;` (some readers take it for `&`), no
 * names that reach for a prototype. A name may come twice; whether it should is for the contract to say.
 */
export function readFormBody(bytes: Buffer, maxFields: number): FormReading {
  const text = bytes.toString('latin1')
  const odd = notFormText.exec(text)
  if (odd !== null) return refused(`a character that must be escaped at byte ${odd.index}`)
  const fields: FormField[] = []
  for (let start = 0; start < text.length || start === 0;) {
    if (fields.length === maxFields) return refused(`more than ${maxFields} fields`)
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    const field = readField(text.slice(start, end))
    if (typeof field === 'string') return refused(`${field} at byte ${start}`)
    fields.push(field)
    if (ampersand === text.length - 1) return refused(`an empty piece at byte ${end}`)
    start = end + 1
  }
  return { kind: 'fields', fields }
}

/** Whether a form's field name would reach for a prototype in a reader that makes objects of `a[b]` and `a.b`. */
export function reachesForPrototype(name: string): boolean {
  if (!name.includes('proto')) return false
  const segments = name.split(/[[\].]+/)
  return (
    segments.includes('__proto__') || (segments.includes('constructor') && segments.includes('prototype'))
  )
}

// RFC 3986 section 3.4, and the brackets that many clients leave as they are.
const notFormText = /[^A-Za-z0-9\-._~!$&'()*+,:@/?%=[\]]/

function readField(piece: string): FormField | string {
  const equals = piece.indexOf('=')
  const name = decodeFormText(equals === -1 ? piece : piece.slice(0, equals))
  const value = equals === -1 ? '' : decodeFormText(piece.slice(equals + 1))
  if (name === undefined || value === undefined) return 'a broken percent-escape'
  if (name === '') return 'a field without a name'
  return reachesForPrototype(name) ? 'a name that reaches for a prototype' : [name, value]
}

/** Decodes `+` and percent-escapes of UTF-8 in a name or value of a form or query; `undefined` where they are broken. */
export function decodeFormText(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

function refused(reason: string): FormReading {
  return { kind: 'refused', reason }
}
