import type { Screen, ScreenPlan } from '../3-compile/screen-plan.ts'
import type { ChainNode } from '../3-compile/transformation-tree.ts'
import type { Entry } from './entry.ts'
import type { Examined } from './examined.ts'
import { RepeatingValues } from './repeating-values.ts'
import { maskOfSignature } from './signature.ts'
import type { TransactionState } from './transaction-state.ts'

/** Most combinations of gates, and most signatures of a chain, for which an answer is kept. */
const mostKept = 256

/** Screens of one variable and key selector that share a chain. */
interface ChainGroup {
  readonly chain: ChainNode
  readonly screens: readonly Screen[]
  /** By the signature of a form: the screens that values with such bytes can pass. */
  readonly bySignature: Map<number, readonly Screen[]>
}

/** The screens of one variable. */
interface VariableGroup {
  readonly slot: number
  readonly variable: string
  readonly everyKey: readonly ChainGroup[]
  readonly byKey: ReadonlyMap<string, readonly ChainGroup[]>
  readonly repeating: RepeatingValues
}

/** The screens of a phase that are worth asking while some gates are shut. */
interface OpenScreens {
  /** By a rule's place: 1 where the serial run asks it whatever the screens say. */
  readonly always: Uint8Array
  readonly groups: readonly VariableGroup[]
}

/** Finds the candidates of a phase: the rules that may match, and those that cannot be known before. Shared by transactions. */
export class Screener {
  readonly #plan: ScreenPlan
  readonly #open = new Map<string, OpenScreens>()

  constructor(plan: ScreenPlan) {
    this.#plan = plan
  }

  /** Whether the rule at this place is only asked if a value makes it a candidate. */
  isScreened(index: number): boolean {
    return this.#plan.screened[index] === 1
  }

  /**
   * Marks the rules to ask with 1, by their place. A rule behind a shut gate is marked and its values are not looked at: should
   * the gate open after all, the serial run asks it in full.
   */
  candidates(state: TransactionState, isExhausted: () => boolean): Uint8Array {
    const open = this.#openScreens(state)
    const marks = open.always.slice()
    for (const group of open.groups) {
      for (const entry of state.entries(group.slot, group.variable)) {
        if (isExhausted()) return marks
        for (const index of candidatesOf(entry, group, state)) marks[index] = 1
      }
    }
    return marks
  }

  #openScreens(state: TransactionState): OpenScreens {
    let key = ''
    for (const { key: txKey, operator, negated } of this.#plan.gates) {
      const value = state.tx(txKey)
      key += value !== undefined && operator.test(value, state, undefined) !== negated ? '1' : '0'
    }
    let open = this.#open.get(key)
    if (open === undefined) {
      open = openScreens(this.#plan, key)
      if (this.#open.size >= mostKept) this.#open.clear()
      this.#open.set(key, open)
    }
    return open
  }
}

const nobody: readonly number[] = []

function candidatesOf(entry: Entry, group: VariableGroup, state: TransactionState): readonly number[] {
  // What is proven here may not be elsewhere, so nothing about it is remembered.
  const key = entry.examined.isProven ? undefined : group.repeating.keyOf(entry)
  const known = key === undefined ? undefined : group.repeating.get(key)
  if (known !== undefined) return known
  const byKey = group.byKey.size > 0 ? group.byKey.get(entry.lowerKey) : undefined
  const every = screenEntry(entry, group.everyKey, state)
  const candidates = byKey === undefined ? every : [...every, ...screenEntry(entry, byKey, state)]
  if (key !== undefined) group.repeating.set(key, candidates)
  return candidates
}

function screenEntry(
  entry: Entry,
  groups: readonly ChainGroup[],
  state: TransactionState,
): readonly number[] {
  const { isProven } = entry.examined
  let candidates: number[] | undefined
  for (const group of groups) {
    const form = entry.examined.form(group.chain)
    for (const { index, operator, seesProven } of survivors(group, form)) {
      if (isProven && !seesProven) continue
      const { regex } = operator
      if (regex !== undefined && !regex.prefilter.admits(form.value, form.facts)) continue
      if (operator.test(form.value, state, undefined)) (candidates ??= []).push(index)
    }
  }
  return candidates ?? nobody
}

function survivors(group: ChainGroup, form: Examined): readonly Screen[] {
  const kept = group.bySignature.get(form.signature)
  if (kept !== undefined) return kept
  const mask = maskOfSignature(form.signature)
  const screens = group.screens.filter(({ operator }) => operator.regex?.prefilter.admitsBytes(mask) ?? true)
  if (group.bySignature.size >= mostKept) group.bySignature.clear()
  group.bySignature.set(form.signature, screens)
  return screens
}

/** The screens that are left when the gates of the key's ones are shut. */
function openScreens({ screened, screens, gates }: ScreenPlan, key: string): OpenScreens {
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
    groups: [...groups].map(([slot, ofSlot]) => ({
      slot,
      variable: ofSlot[0]?.variable ?? '',
      repeating: new RepeatingValues(ofSlot[0]?.variable ?? ''),
      everyKey: groupByChain(ofSlot.filter((screen) => screen.key === undefined)),
      byKey: new Map(
        [...Map.groupBy(ofSlot, (screen) => screen.key)].flatMap(([name, ofKey]) =>
          name === undefined ? [] : [[name, groupByChain(ofKey)]],
        ),
      ),
    })),
  }
}

function groupByChain(screens: readonly Screen[]): readonly ChainGroup[] {
  return [...Map.groupBy(screens, ({ chain }) => chain)].map(([chain, ofChain]) => ({
    chain,
    screens: ofChain,
    bySignature: new Map(),
  }))
}
