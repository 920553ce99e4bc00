import type { ByteString } from '../language/bytes.ts'

/** Proves of a value that it is one of those that a field may have and that no rule need see. */
export interface ValueProof {
  /** `query page (integer)`. */
  readonly label: string
  proves(value: ByteString): boolean
}

/** The proofs of one collection by the names of fields. */
export class ProofTable {
  readonly #byName: ReadonlyMap<string, ValueProof>
  readonly #hasIndices: boolean

  /** @param proofs by name in lower case, `*` standing for an index */
  constructor(proofs: ReadonlyMap<string, ValueProof>) {
    this.#byName = proofs
    this.#hasIndices = [...proofs.keys()].some((name) => name.includes('*'))
  }

  /** The label of the proof that a value is harmless; undefined where it is to be inspected. */
  prove(name: string, value: ByteString): string | undefined {
    // A value without an end could be anything's carrier, and rules about lengths are there for it.
    if (value.length > longestProven) return undefined
    const lowerName = name.toLowerCase()
    const proof = this.#byName.get(lowerName) ?? this.#indexed(lowerName)
    return proof?.proves(value) === true ? proof.label : undefined
  }

  #indexed(lowerName: string): ValueProof | undefined {
    return this.#hasIndices ? this.#byName.get(lowerName.replace(index, '.*')) : undefined
  }
}

const longestProven = 256
const index = /\.\d+(?=\.|$)/g
