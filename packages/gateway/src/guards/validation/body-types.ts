import type { BodySchema } from '@gateward/openapi'
import { parseMediaType, type MediaType } from '../../exchange/media-type.ts'

/** A `Content-Type` that was read, and what the contract declares for it. */
export interface DeclaredBody {
  readonly mediaType: MediaType
  readonly schema: BodySchema
}

/** Finds what a contract declares for a `Content-Type`; fields that clients repeat are read once. */
export class BodyTypes {
  readonly #match: (contentType: string) => BodySchema | undefined
  readonly #known = new Map<string, DeclaredBody>()

  constructor(match: (contentType: string) => BodySchema | undefined) {
    this.#match = match
  }

  /** `undefined`: the field is malformed, or the contract declares no such type. */
  find(contentType: string): DeclaredBody | undefined {
    return this.#known.get(contentType) ?? this.#read(contentType)
  }

  #read(contentType: string): DeclaredBody | undefined {
    const mediaType = parseMediaType(contentType)
    const schema = mediaType === undefined ? undefined : this.#match(contentType)
    if (mediaType === undefined || schema === undefined) return undefined
    const declared = { mediaType, schema }
    // A boundary is another one each time; and a client that invents spellings may not push out the usual ones.
    if (!mediaType.parameters.has('boundary') && this.#known.size < maximumKnown)
      this.#known.set(contentType, declared)
    return declared
  }
}

const maximumKnown = 32
