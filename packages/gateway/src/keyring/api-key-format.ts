import { Secret } from '@gateward/kernel'
import { crc32 } from 'node:zlib'
import { randomBase62, toBase62 } from './base62.ts'

/**
 * The form of an API key, published so that secret scanners can look for it:
 * `gw_<environment>_<26 random base-62 digits>_<6 base-62 digits of CRC-32>`.
 *
 * The random part has 154 bits. The checksum is over everything before its underscore; it lets a scanner tell a
 * real key from a lookalike, and a typo be refused without asking the store. It proves nothing else.
 */
export const apiKeyPattern = /^gw_([a-z][a-z0-9]{0,15})_[0-9A-Za-z]{26}_[0-9A-Za-z]{6}$/

/** How every key begins. */
export const apiKeyPrefix = 'gw_'

/** The name of an environment inside a key, such as `test` or `live`. */
const environmentPattern = /^[a-z][a-z0-9]{0,15}$/

/** What the form alone says of a key. */
export type ApiKeyForm =
  | { readonly kind: 'well-formed'; readonly environment: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'checksum' }

/** Makes a key that nobody has seen. */
export function generateApiKey(environment: string): Secret {
  if (!environmentPattern.test(environment))
    throw new RangeError(
      `an environment is a lower-case letter and up to 15 more letters and digits, not "${environment}"`,
    )
  const body = `${apiKeyPrefix}${environment}_${randomBase62(randomDigits)}`
  return new Secret(`${body}_${checksum(body)}`)
}

/** Whether a text is longer than any API key can be. */
export function isTooLongForApiKey(presented: string): boolean {
  return presented.length > maximumLength
}

/** Reads the form of what was presented; it may be any text. */
export function readApiKeyForm(presented: string): ApiKeyForm {
  // Before the pattern, so that a long text costs nothing.
  if (isTooLongForApiKey(presented)) return malformed
  const environment = apiKeyPattern.exec(presented)?.[1]
  if (environment === undefined) return malformed
  const end = presented.length - checksumDigits - 1
  return presented.endsWith(checksum(presented.slice(0, end)))
    ? { kind: 'well-formed', environment }
    : wrongChecksum
}

/** What people may see of a key: 131 random bits stay hidden. */
export function displayApiKey(key: string): string {
  return `${key.slice(0, key.indexOf('_', 3) + 5)}…`
}

const randomDigits = 26
const checksumDigits = 6
const maximumLength = 'gw_'.length + 16 + 1 + randomDigits + 1 + checksumDigits

const malformed: ApiKeyForm = { kind: 'malformed' }
const wrongChecksum: ApiKeyForm = { kind: 'checksum' }

function checksum(body: string): string {
  return toBase62(crc32(body), checksumDigits)
}
