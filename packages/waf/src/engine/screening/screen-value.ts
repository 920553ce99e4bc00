import type { ByteString } from '../../language/bytes.ts'
import type { MacroScope } from '../../macros/macro.ts'
import { signatureOf } from '../signature.ts'
import type { Check, FormState, FormStep } from './form-state.ts'
import type { LiteralFinder } from './literal-finder.ts'

/** Says when to stop. */
export interface Meter {
  /** @param bytes how much is read in the step that comes next */
  isExhausted(bytes: number): boolean
}

/** What the screening of one value works with. */
export interface Screening {
  readonly finder: LiteralFinder
  readonly scope: MacroScope
  readonly meter: Meter
  /** Where the places of candidates go; a place may come more than once. */
  readonly candidates: number[]
}

/** Values longer than this are worth a look at the budget before each check. */
const longValue = 1_024

/** Collects the places of the rules that a value makes candidates: those that may match some form of it. */
export function screenValue(
  value: ByteString,
  signature: number,
  state: FormState,
  screening: Screening,
): void {
  const step = state.step(signature)
  const hasLooked = askStep(step, value, false, screening)
  if (step.edges.length > 0) followEdges(step, value, signature, hasLooked, screening)
}

/**
 * Makes the forms that a value's transformations lead to. Where one changes nothing after all, what follows is asked about the
 * same value, for which its literals may be known already.
 *
 * @returns whether the finder still knows the value
 */
function followEdges(
  { edges }: FormStep,
  value: ByteString,
  signature: number,
  looked: boolean,
  screening: Screening,
): boolean {
  let hasLooked = looked
  for (const { transformation, state } of edges) {
    const form = transformation(value)
    if (form !== value) {
      screenValue(form, signatureOf(form), state, screening)
      hasLooked = false
      continue
    }
    const step = state.step(signature)
    hasLooked = askStep(step, value, hasLooked, screening)
    if (step.edges.length > 0) hasLooked = followEdges(step, value, signature, hasLooked, screening)
  }
  return hasLooked
}

/** Asks what a step has to ask; answers whether the finder knows the value now. */
function askStep(
  { certain, direct, gated }: FormStep,
  value: ByteString,
  hasLooked: boolean,
  { finder, scope, meter, candidates }: Screening,
): boolean {
  const isLong = value.length > longValue
  for (const index of certain) candidates.push(index)
  for (const check of direct) {
    if (isLong && meter.isExhausted(value.length)) return hasLooked
    if (holds(check, value, scope)) candidates.push(check.index)
  }
  if (gated.length === 0) return hasLooked
  const looks = hasLooked || gated.length > fewGated
  if (looks && !hasLooked) finder.find(value)
  for (const check of gated) {
    if (looks && !hasLiterals(check, finder)) continue
    if (isLong && meter.isExhausted(value.length)) return looks
    if (holds(check, value, scope)) candidates.push(check.index)
  }
  return looks
}

/** So few checks cost no more than to look for the literals of all. */
const fewGated = 2

function hasLiterals({ sets }: Check, finder: LiteralFinder): boolean {
  for (const set of sets) if (!finder.has(set)) return false
  return true
}

/** An operator that gave up may hold, whatever the rule's sign. */
function holds({ operator, negated, minLength }: Check, value: ByteString, scope: MacroScope): boolean {
  if (value.length < minLength) return false
  return operator.test(value, scope, undefined) !== negated || operator.gaveUp?.() === true
}
