import { isCanonicalBase64url } from './base64url.ts'

/** A signed token in compact form (RFC 7515 section 7.1), taken apart. */
export interface CompactToken {
  /** Still encoded. */
  readonly header: string
  /** Still encoded. */
  readonly payload: string
  readonly signature: Buffer
  /** What was signed: the first two parts with their dot. */
  readonly signingInput: Buffer
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
  return {
    header,
    payload,
    signature: Buffer.from(signature, 'base64url'),
    signingInput: Buffer.from(text.slice(0, second), 'latin1'),
  }
}
