import type { ByteString } from '../../language/bytes.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { InnerValue } from './read-json-inside.ts'
import { readJsonInside } from './read-json-inside.ts'

/** Three parts, of which the first two begin as base64url of a JSON object does (RFC 7519, section 3). */
const token = /^(eyJ[\w-]+)\.(eyJ[\w-]*)\.[\w-]*$/

// What nearly all claims are: names, identifiers, addresses, times. None of it is an attack on anything.
const plain = /^(?![/.])(?:[\w:@,+/ -]|\.(?!\.)|\|(?=[a-z]{0,9}\d))*$/
// Words that make one without any sign.
const telling = /(?:^|["\s])(?:union|select|x?or|and|insert|update|delete|drop|exec|cat|curl|wget)\s/i
// Whether any value of a part may be another than those: most tokens are known by this alone.
const mayTell = /[^\w\s:@,+/.{}[\]"|-]|\.\.|"[/.]|\|(?![a-z]{0,9}\d)/

/** No header field is longer. */
const longestToken = 16_384

// What a reader of the token looks its key up by.
const namesKey = /\.header\.(?:kid|jku|x5u)$/
const keyFromAfar = /"(?:kid|jku|x5u)"\s*:\s*"[a-z]+:/

/**
 * The fields of a JWT's header and its claims that are worth a look, as `header.kid` and `payload.name` below a name: what a token says
 * is used before and after its signature is checked, in look-ups of keys and of users. Undefined where a value is no JWT.
 */
export function readJwt(
  name: ByteString,
  value: ByteString,
  limits: BodyLimits,
): readonly InnerValue[] | undefined {
  if (!value.startsWith('eyJ') || value.length > longestToken) return undefined
  const [, header, payload] = token.exec(value) ?? []
  if (header === undefined || payload === undefined) return undefined
  return [...readPart(`${name}.header`, header, limits), ...readPart(`${name}.payload`, payload, limits)]
}

function readPart(name: string, part: string, limits: BodyLimits): readonly InnerValue[] {
  const text = Buffer.from(part, 'base64url').toString('latin1') as ByteString
  if (!mayTell.test(text) && !telling.test(text) && !keyFromAfar.test(text)) return []
  const fields = readJsonInside(name as ByteString, text, limits) ?? []
  return fields.filter(([path, claim]) => !plain.test(claim) || telling.test(claim) || namesKey.test(path))
}
