import type { CompiledRule } from '../compiled-rule.ts'
import type { TxChange } from '../effect.ts'
import type { CertainOutcome } from './evaluate-rule.ts'
import { evaluateRule } from './evaluate-rule.ts'
import { KnownTx } from './known-tx.ts'
import { leaveOutLinks } from './leave-out-links.ts'

/** Rules in their order, and where the phase goes on after each has matched. */
export interface RuleOrder {
  readonly rules: readonly CompiledRule[]
  readonly next: Int32Array
}

/** A phase without the rules whose outcome is certain, and what is known of TX at its end, however it ended. */
export interface FoldedPhase extends RuleOrder {
  readonly end: KnownTx
  readonly removals: readonly Removal[]
}

/** Rules that another rule may take away for one transaction, by `ctl`. */
export interface Removal {
  /** The place in the phase of the rule that does it. */
  readonly place: number
  readonly ordinals: ReadonlySet<number>
}

/** A rule that is left, or in the place of one with a certain outcome what it always does. */
interface Item {
  readonly place: number
  readonly rule: CompiledRule
  readonly changes: ReadonlyMap<string, TxChange> | undefined
  readonly target: number
}

/**
 * Works out what rules do in every transaction alike: defaults of settings, paranoia levels that are written down, sampling at
 * 100 %. What they set stays as one assignment in their place; what they skip is gone.
 *
 * @param removals what rules of this phase may take away from those behind them, and `-1` as place, what earlier phases may
 */
export function foldPhase(order: RuleOrder, start: KnownTx, removals: readonly Removal[]): FoldedPhase {
  const { rules, next } = order
  const reached: (KnownTx | undefined)[] = [start]
  const items: Item[] = []
  let escaped: KnownTx | undefined
  rules.forEach((rule, place) => {
    const known = reached[place]
    if (known === undefined) return
    const target = Math.min(next[place] ?? rules.length, rules.length)
    const outcome = evaluateRule(rule, known)
    if (outcome === undefined || !isCertain(outcome, place, order, removals)) {
      const after = afterUncertain(rule, known)
      arrive(reached, place + 1, after)
      arrive(reached, target, after)
      if (rule.disruption.kind !== 'none') escaped = escaped?.merge(after) ?? after
      const isWhole = removalsBefore(rule, place, removals).length === 0
      items.push({ place, rule: isWhole ? leaveOutLinks(rule, known) : rule, changes: undefined, target })
    } else {
      const going = outcome.matches ? target : place + 1
      arrive(reached, going, withChanges(known, outcome.changes))
      items.push({ place, rule, changes: outcome.changes, target: going })
    }
  })
  const end = reached[rules.length] ?? start
  return {
    ...assemble(items),
    end: escaped === undefined ? end : end.merge(escaped),
    removals: items.flatMap(removalsOf),
  }
}

/** Whether a rule's outcome is the same where it has been taken away: it then does nothing, and the rules behind it are asked. */
function isCertain(
  { matches, changes }: CertainOutcome,
  place: number,
  { rules, next }: RuleOrder,
  removals: readonly Removal[],
): boolean {
  if (changes.size === 0 && !matches) return true
  const relevant = removalsBefore(rules[place], place, removals)
  if (relevant.length === 0) return true
  // What it would have skipped has been taken away with it.
  const skipped = rules.slice(place + 1, next[place])
  return (
    changes.size === 0 &&
    relevant.every(({ ordinals }) => skipped.every((rule) => ordinals.has(rule.ordinal)))
  )
}

function removalsBefore(
  rule: CompiledRule | undefined,
  place: number,
  removals: readonly Removal[],
): readonly Removal[] {
  const ordinal = rule?.ordinal ?? -1
  return removals.filter((removal) => removal.place < place && removal.ordinals.has(ordinal))
}

function removalsOf({ changes, place, rule }: Item): readonly Removal[] {
  if (changes !== undefined) return []
  const effects = rule.links.flatMap((link) => link.effects)
  return effects.flatMap(({ removes }) => (removes === undefined ? [] : [{ place, ordinals: removes }]))
}

function arrive(reached: (KnownTx | undefined)[], place: number, known: KnownTx): void {
  reached[place] = reached[place]?.merge(known) ?? known
}

function withChanges(known: KnownTx, changes: ReadonlyMap<string, TxChange>): KnownTx {
  if (changes.size === 0) return known
  const copy = new KnownTx(known)
  for (const [lowerKey, { value }] of changes) copy.set(lowerKey, value)
  return copy
}

/** What is still known after a rule that may have matched, once or several times, or not at all. */
function afterUncertain(rule: CompiledRule, known: KnownTx): KnownTx {
  const after = new KnownTx(known)
  for (const { captures, effects } of rule.links) {
    if (captures) for (let index = 0; index < 10; index += 1) after.forget(String(index))
    for (const { setsTx } of effects) {
      if (setsTx === undefined) continue
      const { key } = setsTx
      if (key.kind === 'constant') after.forget(key.value.toLowerCase())
      else after.forgetPrefix(key.parts[0]?.kind === 'text' ? key.parts[0].value.toLowerCase() : '')
    }
  }
  return after
}

/** Puts the items that do something in a row, certain ones beside one another as one, with every jump to its new place. */
function assemble(items: readonly Item[]): RuleOrder {
  const targets = new Set(items.filter(jumps).map(({ target }) => target))
  const kept: { readonly rule: CompiledRule; readonly place: number; readonly target: number }[] = []
  let open: { readonly first: Item; readonly changes: Map<string, TxChange> } | undefined
  const close = (target: number): void => {
    if (open === undefined) return
    kept.push({ rule: assignmentOf(open.first.rule, open.changes), place: open.first.place, target })
    open = undefined
  }
  items.forEach((item, index) => {
    if (open !== undefined && targets.has(item.place)) close(item.place)
    const follower = items[index + 1]?.place ?? Number.POSITIVE_INFINITY
    if (item.changes === undefined) {
      close(item.place)
      kept.push(item)
      return
    }
    const leapsOver = follower < item.target
    if (item.changes.size === 0 && !leapsOver) return
    open ??= { first: item, changes: new Map() }
    for (const [lowerKey, change] of item.changes) open.changes.set(lowerKey, change)
    if (leapsOver) close(item.target)
  })
  close(Number.POSITIVE_INFINITY)
  const places = kept.map(({ place }) => place)
  const next = kept.map(({ target }) => newPlaceOf(target, places))
  return { rules: kept.map(({ rule }) => rule), next: Int32Array.from(next) }
}

function jumps({ changes, target, place }: Item): boolean {
  return changes === undefined ? target !== place + 1 : target > place + 1
}

function newPlaceOf(target: number, places: readonly number[]): number {
  const found = places.findIndex((place) => place >= target)
  return found === -1 ? places.length : found
}

/** A rule that always matches, logs nothing, and sets what the rules in its place would have set. */
function assignmentOf(rule: CompiledRule, changes: ReadonlyMap<string, TxChange>): CompiledRule {
  return {
    ...rule,
    ordinal: -1,
    links: [
      { condition: undefined, captures: false, effects: [{ apply: (scope) => scope.assignAll(changes) }] },
    ],
    tags: [],
    message: undefined,
    logData: undefined,
    severity: undefined,
    isLogged: false,
    isAudited: false,
    disruption: { kind: 'none' },
    skipAfter: undefined,
    skip: 0,
  }
}
