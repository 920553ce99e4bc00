/** A JSON string in ASCII, so that a line of them can be written byte by byte. */
export function quote(text: string): string {
  return plain.test(text) ? `"${text}"` : quoteForeign(text)
}

/** Whether a character stands in a JSON string as itself, as one byte. */
export function isPlainCharacter(code: number): boolean {
  return code >= 0x20 && code <= 0x7e && code !== 0x22 && code !== 0x5c
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
const eachBeyondAscii = /[^\x20-\x7e]/g

const quotedForeign = new Map<string, string>()

// The few foreign texts of a service (labels, the ellipsis of a key) come again and again; longer ones are anybody's.
function quoteForeign(text: string): string {
  const known = quotedForeign.get(text)
  if (known !== undefined) return known
  const quoted = JSON.stringify(text).replace(eachBeyondAscii, escapeUnit)
  if (text.length <= 100 && quotedForeign.size < 1_000) quotedForeign.set(text, quoted)
  return quoted
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
