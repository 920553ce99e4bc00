import type { ByteString } from '../../language/bytes.ts'
import type { Meter } from '../../language/meter.ts'
import type { MacroScope } from '../../macros/macro.ts'
import type { Automata } from '../../regex/automata.ts'
import { walkSideBySide } from '../../regex/side-by-side.ts'
import { lowercase } from '../../transformations/letter-case.ts'
import { transformed } from '../remembered-forms.ts'
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
  screenForm(value, signature, state, false, screening)
}

/** @returns whether the finder knows the value now */
function screenForm(
  value: ByteString,
  signature: number,
  state: FormState,
  looked: boolean,
  screening: Screening,
): boolean {
  const step = state.step(signature)
  const hasLooked = askStep(step, value, looked, screening)
  return step.edges.length > 0 ? followEdges(step, value, signature, hasLooked, screening) : hasLooked
}

/**
 * Makes the forms that a value's transformations lead to. Where one changes nothing after all, or nothing but the case of letters, what
 * follows is asked about a value of which the finder knows the same.
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
  for (const { transformation, state, leastLength } of edges) {
    if (value.length < leastLength) continue
    const form = transformed(transformation, value)
    if (form === value) hasLooked = screenForm(value, signature, state, hasLooked, screening)
    else if (form.length >= state.leastLength) {
      const isAlike = transformation === lowercase
      const knows = screenForm(form, signatureOf(form), state, isAlike && hasLooked, screening)
      hasLooked = isAlike && knows
    }
  }
  return hasLooked
}

/** Asks what a step has to ask; answers whether the finder knows the value now. */
function askStep(step: FormStep, value: ByteString, hasLooked: boolean, screening: Screening): boolean {
  const { certain, direct, gated, opposed } = step
  const { finder, candidates } = screening
  for (const index of certain) candidates.push(index)
  let walking: Check[] | undefined
  for (const check of direct) walking = askShort(check, value, screening, walking)
  const asking = gated.length + opposed.length
  const looks = asking > 0 && (hasLooked || asking > fewGated)
  if (looks) {
    if (!hasLooked) finder.find(value)
    walking = askFound(step, value, screening, walking)
  } else {
    for (const check of gated) walking = askShort(check, value, screening, walking)
    for (const check of opposed) walking = askShort(check, value, screening, walking)
  }
  if (walking !== undefined) askWalking(walking, value, screening)
  return hasLooked || looks
}

/** So few checks cost no more than to look for the literals of all. */
const fewGated = 2

/** Asks the checks whose literals the finder has found. Without them a negated one holds. */
function askFound(
  { gated, gates, opposed }: FormStep,
  value: ByteString,
  screening: Screening,
  others: Check[] | undefined,
): Check[] | undefined {
  const { finder, candidates } = screening
  let walking = others
  for (const check of opposed) {
    if (hasLiterals(check, finder)) walking = askShort(check, value, screening, walking)
    else candidates.push(check.index)
  }
  if (finder.foundNone) return walking
  for (let index = 0; index < gates.length; index++) {
    if (!finder.has(gates[index] as number)) continue
    const check = gated[index] as Check
    if (hasLiterals(check, finder)) walking = askShort(check, value, screening, walking)
  }
  return walking
}

/**
 * Asks a check, unless an automaton decides about it.
 *
 * @param others what is to walk besides
 * @returns what is to walk
 */
function askShort(
  check: Check,
  value: ByteString,
  screening: Screening,
  others: Check[] | undefined,
): Check[] | undefined {
  if (value.length < check.minLength) return others
  if (value.length < check.automataFrom) {
    askOne(check, value, screening)
    return others
  }
  if (others === undefined) return [check]
  others.push(check)
  return others
}

/** Has the automata walk side by side; each knows its answer when its operator is asked. */
function askWalking(checks: readonly Check[], value: ByteString, screening: Screening): void {
  if (checks.length > 1 || value.length > longValue) {
    const all: Automata[] = []
    for (const { automata } of checks) if (automata !== undefined) all.push(automata)
    walkSideBySide(all, value, screening.meter)
  }
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
