import type { Violation } from '../../contract.ts'
import { Refusal } from './refusal.ts'
import type { Address, Violations } from './violations.ts'
import type { WireValue } from './wire-value.ts'

/** A parameter or form field, compiled: how it is read, and what its schema says of the value. */
export interface NamedValue {
  readonly name: string
  readonly address: Address
  readonly required: boolean
  /** Whether an empty text passes as it is (`allowEmptyValue`). */
  readonly emptyPasses: boolean
  readonly wire: WireValue
  /** The schema's violations; `undefined` where the schema has none, or is checked with the whole. */
  readonly check: ((value: unknown) => readonly Violation[]) | undefined
}

/** Stands for "there is no value to hand on". */
export const nothing: unique symbol = Symbol('nothing')

/** Reads one raw text; violations are added, and `nothing` comes back, where it has no valid value. */
export function readSingle(named: NamedValue, raw: string, violations: Violations): unknown {
  if (raw === '' && named.emptyPasses) return ''
  const { single, repeated } = named.wire
  const [only] = single
  if (only !== undefined && single.length === 1 && repeated === undefined) {
    return settle(named, only(raw), raw, violations)
  }
  return readInTurn(named, raw, violations)
}

/** Checks a value that was read; a refusal becomes a violation. */
export function settle(named: NamedValue, value: unknown, raw: string, violations: Violations): unknown {
  if (value instanceof Refusal) {
    violations.refuse(named.address, value, raw)
    return nothing
  }
  if (named.check === undefined) return value
  const found = named.check(value)
  if (found.length === 0) return value
  violations.addAll(found)
  return nothing
}

/** Several types are possible: the first that reads and validates is meant; the first complaint is told. */
function readInTurn(named: NamedValue, raw: string, violations: Violations): unknown {
  const { single, repeated } = named.wire
  let refusal: Refusal | undefined
  let complaints: readonly Violation[] | undefined
  for (let turn = 0; turn <= single.length; turn++) {
    const value = turn < single.length ? single[turn]?.(raw) : (repeated?.([raw]) ?? nothing)
    if (value === nothing) continue
    if (value instanceof Refusal) {
      refusal ??= value
      continue
    }
    const found = named.check?.(value) ?? []
    if (found.length === 0) return value
    complaints ??= found
  }
  if (complaints !== undefined) violations.addAll(complaints)
  else violations.refuse(named.address, refusal ?? unreadable, raw)
  return nothing
}

const unreadable = new Refusal('type', 'cannot be read as what the contract declares')
