import type { Place } from '../schema-source.ts'

/** A schema in the one form that the validator gets: JSON Schema 2020-12 with every reference by number. */
export type Lowered = boolean | LoweredObject

/** An object being written for the validator. */
export type LoweredObject = Record<string, unknown>

/** Where a part of a lowered schema came from, so that an error can name a line of the contract. */
export interface Origin {
  readonly pointer: string
  /** What the violation is called where the part says something else than the contract does. */
  readonly keyword?: string
}

/** What a schema is used for where it stands. */
export interface Use {
  /** Whether undeclared members are refused, here and below. */
  readonly closed: boolean
  /**
   * `root`: it alone describes the value. `member`: it describes it together with the schema it stands in, which
   * does the closing. `self`: as root, but the discriminator has already chosen it.
   */
  readonly role: 'root' | 'member' | 'self'
  /** Members that may be absent in this direction even where `required` names them; sorted. */
  readonly optional: readonly string[]
  /** Whether a conditional part that declares nothing leaves the object free in its form. */
  readonly bare: boolean
}

/** The key of one use of one schema: equal keys are lowered once. */
export function useKey(place: Place, { closed, role, optional, bare }: Use): string {
  return `${place.id} ${closed ? 'c' : 'o'} ${role} ${bare ? 'b' : ''} ${optional.join('\n')}`
}
