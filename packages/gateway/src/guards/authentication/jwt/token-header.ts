import { GenerationCache } from '../../../keyring/generation-cache.ts'
import {
  maximumKidLength,
  signatureAlgorithms,
  type SignatureAlgorithm,
} from '../../../keyring/json-web-key.ts'
import { readJsonPart } from './json-part.ts'

/** What a token says of itself, before any of it is believed. */
export interface TokenHeader {
  readonly kind: 'header'
  readonly algorithm: SignatureAlgorithm
  readonly kid: string | undefined
  /** `typ` in lower case without `application/` (RFC 7515 section 4.1.9). */
  readonly type: string | undefined
}

export type TokenHeaderReading = TokenHeader | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads an encoded JOSE header (RFC 7515 section 4). Keys that a token brings along or points to (`jwk`, `jku`, `x5c`,
 * `x5u`) are never looked at. All tokens of one key have the same header, so each is read once.
 */
export function readTokenHeader(encoded: string): TokenHeaderReading {
  const known = readings.get(encoded)
  if (known !== undefined) return known
  if (encoded.length > maximumHeaderLength) return refused('the header is too long')
  const reading = read(encoded)
  // Refused ones are not kept: there is no end of them.
  if (reading.kind === 'header') readings.set(encoded, reading)
  return reading
}

const readings = new GenerationCache<TokenHeader>(500)

const maximumHeaderLength = 2_048

function read(encoded: string): TokenHeaderReading {
  const part = readJsonPart(encoded)
  if (part.kind === 'refused') return refused(`the header is ${part.reason}`)
  const { alg, kid, typ, crit, b64 } = part.members
  // Neither is understood here, and RFC 7515 section 4.1.11 and RFC 7797 section 6 then demand a refusal.
  if (crit !== undefined || b64 !== undefined) return refused('the header has crit or b64')
  const algorithm = signatureAlgorithms.find((name) => name === alg)
  if (algorithm === undefined) return refused('the alg is none that is accepted from anyone')
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > maximumKidLength))
    return refused('the kid is not a short text')
  if (typ !== undefined && typeof typ !== 'string') return refused('the typ is not a text')
  return { kind: 'header', algorithm, kid, type: typ?.toLowerCase().replace(/^application\//, '') }
}

function refused(reason: string): TokenHeaderReading {
  return { kind: 'refused', reason }
}
