import type { TargetExclusion } from '../3-compile/compiled-target.ts'
import type { BodyCollection } from '../bodies/body-sink.ts'
import type { ProofTable } from './proof-table.ts'

/**
 * What one place of an application says to the rules: which of them look away from which fields, and which values are
 * harmless by what they may be. Compiled once for a rule set, and given to every transaction of that place.
 */
export interface FieldPolicy {
  /** Ordinals of the rules that do not run at all. */
  readonly removed: ReadonlySet<number>
  /** By a rule's ordinal, what it does not look at. */
  readonly exclusions: ReadonlyMap<number, readonly TargetExclusion[]>
  /** Proofs for the values that readers put into these collections. */
  readonly proofs: ReadonlyMap<BodyCollection, ProofTable>
  /** What is proven and what could not be, for people. */
  readonly fields: readonly FieldStanding[]
}

/** How a declared field stands with the rules. */
export interface FieldStanding {
  /** `query page`, `body /items/0/id`. */
  readonly label: string
  /** What its values are: `integer`, `one of 3 values`. */
  readonly kind: string
  /** Why its values are inspected all the same; undefined where they are not. */
  readonly because: string | undefined
}

/** A field with the values that may stand in it, as the host's contract says. */
export interface DeclaredField {
  readonly in: 'query' | 'cookie' | 'body'
  /** The argument as the engine names it, `*` for an index: `page`, `json.items.*.id`. */
  readonly name: string
  /** As people know it: `query page`. */
  readonly label: string
  readonly values: ValueKind
}

/** The values that a field may have. */
export type ValueKind =
  | { readonly kind: 'integer' | 'number' | 'boolean' | 'uuid' | 'date' | 'date-time' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** Texts in which a regular expression matches somewhere. */
  | { readonly kind: 'pattern'; readonly source: string }

/** Rules that shall look away, from some fields or at all. */
export interface RuleExclusion {
  /** `942100`, `942000-942999`, `tag:attack-sqli` or `all`. */
  readonly rules: readonly string[]
  /**
   * `query q`, `cookie c`, `header h`, `body name`, `body /json/pointer` with `*` for one name and `/**` at its end for all
   * below, `query ~regex`; or a target of the rule language, `ARGS:/^json\.\d+\.text$/`. Empty: the rules do not run.
   */
  readonly fields: readonly string[]
}
