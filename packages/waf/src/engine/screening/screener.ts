import type { Screen, ScreenPlan } from '../../3-compile/screen-plan.ts'
import { selects } from '../../3-compile/compiled-target.ts'
import type { Meter } from '../../language/meter.ts'
import type { Entry } from '../entry.ts'
import type { TransactionState } from '../transaction-state.ts'
import { Candidates } from './candidates.ts'
import { FormState } from './form-state.ts'
import type { LiteralIndex } from './literal-index.ts'
import { RepeatingValues, mayRemember, repeatingHeaders } from './repeating-values.ts'
import type { Screening } from './screen-value.ts'
import { screenValue } from './screen-value.ts'

/** Most combinations of gates for which the screens are kept. */
const mostKept = 256

/** From so many values of a variable on it is worth to look which of them are the same, as far as they are short. */
const manyValues = 32
const longestSeen = 32

/** What is asked of the values of one key, or of all keys that have nothing of their own. */
interface KeyScreens {
  readonly state: FormState
  /** For values that a host has proven harmless, about which few rules ask. */
  readonly proven: FormState
  readonly repeating: RepeatingValues | undefined
}

/** The screens of one variable. */
interface VariableScreens {
  readonly slot: number
  readonly variable: string
  readonly anyKey: KeyScreens
  readonly byKey: ReadonlyMap<string, KeyScreens>
}

/** The screens of a phase that are worth asking while some gates are shut. */
interface OpenScreens {
  /** By a rule's place: 1 where the serial run asks it whatever the screens say. */
  readonly always: Uint8Array
  readonly variables: readonly VariableScreens[]
}

/** Finds the candidates of a phase: the rules that may match, and those that cannot be known before. Shared by transactions. */
export class Screener {
  readonly #plan: ScreenPlan
  readonly #literals: LiteralIndex
  readonly #open = new Map<string, OpenScreens>()

  constructor(plan: ScreenPlan, literals: LiteralIndex) {
    this.#plan = plan
    this.#literals = literals
    if (plan.gates.length === 0) this.#screensFor('')
  }

  /** Whether the rule at this place is only asked if a value makes it a candidate. */
  isScreened(index: number): boolean {
    return this.#plan.screened[index] === 1
  }

  /**
   * The rules to ask. One behind a shut gate is among them and its values are not looked at: should the gate open after all, the
   * serial run asks it in full.
   */
  candidates(state: TransactionState, meter: Meter): Candidates {
    const { always, variables } = this.#screensFor(this.#gateKey(state))
    const found = new Candidates(always)
    for (const screens of variables) {
      const entries = state.entries(screens.slot, screens.variable)
      const isComplete =
        entries.length < manyValues
          ? this.#lookAt(entries, screens, state, meter, found)
          : this.#lookAtMany(entries, screens, state, meter, found)
      // Who has used up its budget is asked nothing more.
      if (!isComplete) break
    }
    return found
  }

  #lookAt(
    entries: readonly Entry[],
    screens: VariableScreens,
    state: TransactionState,
    meter: Meter,
    found: Candidates,
  ): boolean {
    for (const entry of entries) {
      if (meter.isExhausted(entry.examined.value.length)) return false
      for (const index of this.#candidatesOf(entry, screens, state, meter)) found.add(index)
    }
    return true
  }

  /** As `#lookAt`, and notes which of the values made a rule a candidate, so that it need not be asked about all of them again. */
  #lookAtMany(
    entries: readonly Entry[],
    screens: VariableScreens,
    state: TransactionState,
    meter: Meter,
    found: Candidates,
  ): boolean {
    const seen = new Set<string>()
    for (const entry of entries) {
      const { value } = entry.examined
      if (isSeen(seen, entry, screens)) continue
      if (meter.isExhausted(value.length)) return false
      for (const index of this.#candidatesOf(entry, screens, state, meter)) found.addFor(index, value)
    }
    return true
  }

  #candidatesOf(
    entry: Entry,
    screens: VariableScreens,
    scope: TransactionState,
    meter: Meter,
  ): readonly number[] {
    const { examined } = entry
    const { state, proven, repeating } =
      (screens.byKey.size > 0 ? screens.byKey.get(entry.lowerKey) : undefined) ?? screens.anyKey
    // What is proven here may not be elsewhere, so nothing about it is remembered.
    const memory = examined.isProven ? undefined : repeating
    const known = memory?.get(examined.value)
    if (known !== undefined) return known
    const candidates: number[] = []
    const from = examined.isProven ? proven : state
    const screening: Screening = { finder: this.#literals.finder, scope, meter, candidates }
    screenValue(examined.value, examined.signature, from, screening)
    memory?.set(examined.value, candidates)
    return candidates
  }

  #gateKey(state: TransactionState): string {
    let key = ''
    for (const { key: txKey, operator, negated } of this.#plan.gates) {
      const value = state.tx(txKey)
      key += value !== undefined && operator.test(value, state, undefined) !== negated ? '1' : '0'
    }
    return key
  }

  #screensFor(key: string): OpenScreens {
    let open = this.#open.get(key)
    if (open === undefined) {
      open = openScreens(this.#plan, key, this.#literals)
      if (this.#open.size >= mostKept) this.#open.clear()
      this.#open.set(key, open)
    }
    return open
  }
}

/**
 * Whether the same screens were asked about the same value before: of a list's elements many have `true`, or one of few words. Not
 * about a value that is proven, since the same value may stand in another field that nothing is proven of.
 */
function isSeen(seen: Set<string>, { examined, lowerKey }: Entry, { byKey }: VariableScreens): boolean {
  const { value, isProven } = examined
  if (isProven || value.length > longestSeen || (byKey.size > 0 && byKey.has(lowerKey))) return false
  if (seen.has(value)) return true
  seen.add(value)
  return false
}

/** The screens that are left when the gates of the key's ones are shut. */
function openScreens(
  { screened, screens, gates }: ScreenPlan,
  key: string,
  literals: LiteralIndex,
): OpenScreens {
  const always = Uint8Array.from(screened, (isScreened) => 1 - isScreened)
  gates.forEach((gate, index) => {
    if (key[index] === '1') always.fill(1, gate.index, gate.end)
  })
  const groups = Map.groupBy(
    screens.filter(({ index }) => always[index] === 0),
    ({ slot }) => slot,
  )
  return {
    always,
    variables: [...groups].map(([slot, ofSlot]) => variableScreens(slot, ofSlot, literals)),
  }
}

function variableScreens(slot: number, screens: readonly Screen[], literals: LiteralIndex): VariableScreens {
  const variable = screens[0]?.variable ?? ''
  const keys = new Set(
    screens.flatMap((screen) => [...(screen.key === undefined ? [] : [screen.key]), ...namesLeftOut(screen)]),
  )
  if (variable === 'REQUEST_HEADERS') for (const header of repeatingHeaders) keys.add(header)
  const ofKey = (name: string | undefined): KeyScreens => {
    const own = screens.filter((screen) => isAsked(screen, name))
    return {
      state: FormState.of(own, literals),
      proven: FormState.of(
        own.filter(({ seesProven }) => seesProven),
        literals,
      ),
      repeating: mayRemember(variable, name) ? new RepeatingValues() : undefined,
    }
  }
  return {
    slot,
    variable,
    anyKey: ofKey(undefined),
    byKey: new Map([...keys].map((name) => [name, ofKey(name)])),
  }
}

function namesLeftOut({ exclusions }: Screen): readonly string[] {
  return exclusions.flatMap((keys) => (keys.kind === 'name' ? [keys.name] : []))
}

/** Whether a screen is about the values of a key, or of keys that have nothing of their own. */
function isAsked({ key, exclusions }: Screen, name: string | undefined): boolean {
  if (key !== undefined && key !== name) return false
  return name === undefined || !exclusions.some((keys) => selects(keys, name))
}
