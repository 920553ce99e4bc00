import type { ByteString } from '../../language/bytes.ts'
import type { Meter } from '../../language/meter.ts'
import type { MacroScope } from '../../macros/macro.ts'
import { walkSideBySide } from '../../regex/side-by-side.ts'
import { signatureOf } from '../signature.ts'
import type { Check, FormState, FormStep } from './form-state.ts'
import type { LiteralFinder } from './literal-finder.ts'

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
  screening: Screening,
): boolean {
  const { finder, candidates } = screening
  for (const index of certain) candidates.push(index)
  const walking = askShort(direct, value, false, screening, undefined)
  const looks = gated.length > 0 && (hasLooked || gated.length > fewGated)
  if (looks && !hasLooked) finder.find(value)
  const allWalking = askShort(gated, value, looks, screening, walking)
  if (allWalking !== undefined) askWalking(allWalking, value, screening)
  return hasLooked || looks
}

/** So few checks cost no more than to look for the literals of all. */
const fewGated = 2

/**
 * Asks those that no automaton decides about.
 *
 * @param isKnown whether the finder knows the value, so that checks are left out whose literals it has not
 * @param others what is to walk besides
 * @returns what is to walk
 */
function askShort(
  checks: readonly Check[],
  value: ByteString,
  isKnown: boolean,
  screening: Screening,
  others: Check[] | undefined,
): Check[] | undefined {
  let walking = others
  for (const check of checks) {
    if (value.length < check.minLength) continue
    if (isKnown && !hasLiterals(check, screening.finder)) continue
    if (value.length < check.automataFrom) askOne(check, value, screening)
    else if (walking === undefined) walking = [check]
    else walking.push(check)
  }
  return walking
}

/** Has the automata walk side by side; each knows its answer when its operator is asked. */
function askWalking(checks: readonly Check[], value: ByteString, screening: Screening): void {
  const all = checks.flatMap(({ automata }) => automata ?? [])
  if (all.length > 1) walkSideBySide(all, value, screening.meter)
  for (const check of checks) askOne(check, value, screening)
}

function askOne(check: Check, value: ByteString, { scope, meter, candidates }: Screening): void {
  // Who has used up its budget is asked nothing more.
  if (value.length > longValue && meter.isExhausted(value.length)) return
  if (holds(check, value, scope)) candidates.push(check.index)
}

function hasLiterals({ sets }: Check, finder: LiteralFinder): boolean {
  for (const set of sets) if (!finder.has(set)) return false
  return true
}

/** An operator that gave up may hold, whatever the rule's sign. */
function holds({ operator, negated }: Check, value: ByteString, scope: MacroScope): boolean {
  return operator.test(value, scope, undefined) !== negated || operator.gaveUp?.() === true
}
