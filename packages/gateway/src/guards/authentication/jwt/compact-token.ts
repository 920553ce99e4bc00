import { isCanonicalBase64url } from './base64url.ts'

/** The three parts of a signed token in compact form (RFC 7515 section 7.1), still encoded. */
export interface CompactToken {
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** What was signed: the first two parts with their dot. */
  readonly signingInput: string
}

/** Takes a token apart; `undefined` for anything but three non-empty canonical parts, encrypted and JSON forms too. */
export function readCompactToken(text: string): CompactToken | undefined {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first === -1 || second === -1) return undefined
  const header = text.slice(0, first)
  const payload = text.slice(first + 1, second)
  const signature = text.slice(second + 1)
  if (!isCanonicalBase64url(header) || !isCanonicalBase64url(payload) || !isCanonicalBase64url(signature))
    return undefined
  return { header, payload, signature, signingInput: text.slice(0, second) }
}
