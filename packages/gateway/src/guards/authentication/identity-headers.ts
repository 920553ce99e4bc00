import type { Known } from '../../exchange/principal.ts'

/**
 * The fields that tell the service behind the gateway who calls. What a client sends under such names never gets there:
 * forwarding drops it.
 */
export function identityHeaders(principal: Known): readonly (readonly [name: string, value: string])[] {
  const headers: (readonly [name: string, value: string])[] = [
    ['x-consumer-id', toFieldValue(principal.consumer)],
    ['x-consumer-label', toFieldValue(principal.label)],
  ]
  if (principal.scopes.size > 0) headers.push(['x-authenticated-scope', toFieldWords(principal.scopes)])
  if (principal.roles.size > 0) headers.push(['x-authenticated-roles', toFieldWords(principal.roles)])
  headers.push(['x-credential-id', principal.credentials.map(({ id }) => id).join(' ')])
  return headers
}

function toFieldWords(words: ReadonlySet<string>): string {
  let text = ''
  for (const word of words) text += text === '' ? toFieldValue(word) : ` ${toFieldValue(word)}`
  return text
}

/**
 * A text as a field value: visible ASCII stands, the rest and `%` are percent-encoded as UTF-8. Nothing in a claim can
 * so end the field or begin another, and two different texts never become the same.
 */
function toFieldValue(text: string): string {
  if (/^[\x21-\x24\x26-\x7e]*$/.test(text)) return text
  return text.replace(/[^\x21-\x24\x26-\x7e]+/g, percentEncode)
}

function percentEncode(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text)) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return encoded
}
