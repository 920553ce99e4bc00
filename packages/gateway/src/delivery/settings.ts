import { z } from 'zod'
import { path, secret } from '../settings/references.ts'

/** Whether something may be sent there: encrypted, or within this machine. */
function isSafe(url: URL): boolean {
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && isThisMachine(url.hostname.replace(/^\[|\]$/g, ''))
}

/** Whether a host, an IPv6 address without brackets, is this machine: what is sent there leaves it on no wire. */
export function isThisMachine(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host)
}

/** A setting that names where things are posted: https, or http within this machine. */
export function endpointUrl() {
  return z
    .string()
    .refine((text) => URL.canParse(text) && isSafe(new URL(text)), {
      error: 'write an https:// address; http:// only for this machine',
    })
    .refine((text) => !URL.canParse(text) || new URL(text).username === '', {
      error: 'an address holds no credentials; there are settings for them',
    })
}

/** An address that is a secret itself, as those of chat services are. */
export function secretUrl() {
  return secret().transform((reference, context) => {
    const text = reference.reveal().trim()
    if (URL.canParse(text) && isSafe(new URL(text))) return reference
    context.addIssue({
      code: 'custom',
      message: 'the secret is no https:// address',
      params: { fix: 'store the whole address that the service gave you' },
    })
    return z.NEVER
  })
}

export const certificateAuthority = path()
  .optional()
  .describe(
    'PEM file of the authority that the other side must show a certificate of; else those of the system.',
  )
