/**
 * Whether a text is base64url as RFC 7515 section 2 means it: no padding, no line breaks, no other alphabet, and no
 * bits beyond the last byte, so that one signature cannot be written in several ways.
 */
export function isCanonicalBase64url(text: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return false
  const rest = text.length % 4
  if (rest === 0) return true
  const last = text.charAt(text.length - 1)
  return rest === 2 ? 'AQgw'.includes(last) : rest === 3 && 'AEIMQUYcgkosw048'.includes(last)
}
