import type { ByteString } from '../../language/bytes.ts'
import type { MacroScope } from '../../macros/macro.ts'
import { signatureOf } from '../signature.ts'
import type { Check, FormState, FormStep } from './form-state.ts'
import type { LiteralFinder } from './literal-finder.ts'

/** Where the places of candidates go; a place may come more than once. */
export type Candidates = number[]

/** Collects the places of the rules that a value makes candidates: those that may match some form of it. */
export function screenValue(
  value: ByteString,
  signature: number,
  state: FormState,
  finder: LiteralFinder,
  scope: MacroScope,
  candidates: Candidates,
): void {
  const step = state.step(signature)
  const hasLooked = askStep(step, value, false, finder, scope, candidates)
  if (step.edges.length > 0) followEdges(step, value, signature, hasLooked, finder, scope, candidates)
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
  finder: LiteralFinder,
  scope: MacroScope,
  candidates: Candidates,
): boolean {
  let hasLooked = looked
  for (const { transformation, state } of edges) {
    const form = transformation(value)
    if (form !== value) {
      screenValue(form, signatureOf(form), state, finder, scope, candidates)
      hasLooked = false
      continue
    }
    const step = state.step(signature)
    hasLooked = askStep(step, value, hasLooked, finder, scope, candidates)
    if (step.edges.length > 0) {
      hasLooked = followEdges(step, value, signature, hasLooked, finder, scope, candidates)
    }
  }
  return hasLooked
}

/** Asks what a step has to ask; answers whether the finder knows the value now. */
function askStep(
  { certain, direct, gated }: FormStep,
  value: ByteString,
  hasLooked: boolean,
  finder: LiteralFinder,
  scope: MacroScope,
  candidates: Candidates,
): boolean {
  for (const index of certain) candidates.push(index)
  for (const check of direct) if (holds(check, value, scope)) candidates.push(check.index)
  if (gated.length === 0) return hasLooked
  if (!hasLooked) finder.find(value)
  for (const check of gated) {
    if (hasLiterals(check, finder) && holds(check, value, scope)) candidates.push(check.index)
  }
  return true
}

function hasLiterals({ sets }: Check, finder: LiteralFinder): boolean {
  for (const set of sets) if (!finder.has(set)) return false
  return true
}

/** An operator that gave up may hold, whatever the rule's sign. */
function holds({ operator, negated, minLength }: Check, value: ByteString, scope: MacroScope): boolean {
  if (value.length < minLength) return false
  return operator.test(value, scope, undefined) !== negated || operator.gaveUp?.() === true
}
