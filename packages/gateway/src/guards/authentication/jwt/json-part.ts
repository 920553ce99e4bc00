import { readJson, type JsonLimits } from '../../../exchange/strict-json.ts'

/** A JSON object in a part of a token, or why it is none. */
export type PartReading =
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads a part as one JSON object. Strictly, duplicate names included (RFC 7519 section 4 allows that): the service behind
 * the gateway may read the same token, and must not find another claim in it.
 */
export function readJsonPart(encoded: string): PartReading {
  const reading = readJson(Buffer.from(encoded, 'base64url'), limits)
  if (reading.kind === 'refused') return reading
  const { value } = reading
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { kind: 'object', members: value as Record<string, unknown> }
    : notAnObject
}

// A token's size is bounded before; these only keep its shape sane.
const limits: JsonLimits = {
  maxDepth: 16,
  maxKeys: 1_000,
  maxElements: 4_000,
  maxString: 16_384,
  maxNumber: 32,
  strict: true,
}

const notAnObject: PartReading = { kind: 'refused', reason: 'not an object' }
