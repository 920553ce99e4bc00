import type { CompiledRule, Condition, RuleLink } from '../3-compile/compiled-rule.ts'
import type { CompiledTarget, TargetExclusion } from '../3-compile/compiled-target.ts'
import { selects } from '../3-compile/compiled-target.ts'
import type { PhasePlan } from '../3-compile/phase-plan.ts'
import { seesProven } from '../3-compile/sees-proven.ts'
import type { ByteString } from '../language/bytes.ts'
import { Entry } from './entry.ts'
import type { Examined } from './examined.ts'
import type { Candidates } from './screening/candidates.ts'
import type { Screener } from './screening/screener.ts'
import type { TransactionState } from './transaction-state.ts'

/** What goes on outside while a phase runs. */
export interface PhaseHost {
  /** A rule has matched whole, for one value of its last link. */
  matched(rule: CompiledRule): void
  /** Follows the rule's disruptive action; `stop` ends the phase. */
  disrupt(rule: CompiledRule): 'go-on' | 'stop'
  /**
   * Whether the transaction's budget is used up.
   *
   * @param bytes how much is read in the step that comes next
   */
  isExhausted(bytes: number): boolean
}

/** A phase with what finds its candidates. */
export interface RunnablePhase {
  readonly plan: PhasePlan
  readonly screener: Screener
}

/**
 * Asks the rules of one phase in their order. Screens are asked when the first rule that has one is reached: by then the rules
 * that set levels for others have run.
 */
export function runPhase({ plan, screener }: RunnablePhase, state: TransactionState, host: PhaseHost): void {
  const { rules, next } = plan
  let candidates: Candidates | undefined
  for (let index = 0; index < rules.length;) {
    if (candidates === undefined && screener.isScreened(index)) {
      candidates = screener.candidates(state, host)
    }
    if (candidates !== undefined) {
      index = candidates.next(index)
      if (index === -1) return
    }
    const rule = rules[index]
    if (rule === undefined || state.mode === 'off' || host.isExhausted(0)) return
    if (state.isRemoved(rule.ordinal) || !matchRule(rule, state, host, candidates?.valuesFor(index))) {
      index += 1
      continue
    }
    if (rule.disruption.kind !== 'none' && host.disrupt(rule) === 'stop') return
    index = next[index] ?? rules.length
  }
}

/** @param values the only values for which the first link may hold; undefined where any may */
function matchRule(
  rule: CompiledRule,
  state: TransactionState,
  host: PhaseHost,
  values: ReadonlySet<string> | undefined,
): boolean {
  const { links } = rule
  const last = links.length - 1
  state.rule = rule
  if (last > 0) state.matched = []
  for (let index = 0; index <= last; index += 1) {
    const link = links[index]
    const only = index === 0 ? values : undefined
    if (link === undefined || !matchLink(rule, link, index === last, state, host, only)) return false
  }
  return true
}

/**
 * Asks one link about every value of its targets. Effects follow on every value that matches, and under `multiMatch` on every
 * form of it that does, so that a score counts each of them; a link without a condition matches once.
 */
function matchLink(
  rule: CompiledRule,
  link: RuleLink,
  isLast: boolean,
  state: TransactionState,
  host: PhaseHost,
  values: ReadonlySet<string> | undefined,
): boolean {
  const { condition } = link
  if (condition === undefined) {
    act(rule, link, isLast, state, host)
    return true
  }
  const exclusions = state.exclusionsOf(rule.ordinal)
  let matches: Entry[] | undefined
  for (const target of condition.targets) {
    const entries = target.isCounted ? count(target, state, exclusions) : entriesOf(target, state)
    for (const entry of entries) {
      if (values !== undefined && !values.has(entry.examined.value)) continue
      if (!target.isCounted && isExcluded(entry, target, exclusions)) continue
      if (entry.examined.isProven && !seesProven(target, condition)) continue
      if (entry.examined.value.length > longValue && host.isExhausted(entry.examined.value.length))
        return false
      let before: Examined | undefined
      for (const chain of condition.forms) {
        const form = entry.examined.form(chain)
        if (form === before) continue
        before = form
        if (!holds(form, condition, link, state)) continue
        const match = form === entry.examined ? entry : new Entry(entry.variable, entry.key, form)
        if (matches === undefined) matches = [match]
        else matches.push(match)
        state.lastMatch = match
        act(rule, link, isLast, state, host)
      }
    }
  }
  if (matches === undefined) return false
  if (rule.links.length === 1) return true
  // A link about MATCHED_VARS narrows what has matched; any other adds to it.
  state.matched = condition.targets.some(isAboutMatches) ? matches : [...state.matched, ...matches]
  return true
}

function isAboutMatches({ variable }: CompiledTarget): boolean {
  return variable.name === 'MATCHED_VARS'
}

function act(
  rule: CompiledRule,
  link: RuleLink,
  isLast: boolean,
  state: TransactionState,
  host: PhaseHost,
): void {
  for (const effect of link.effects) effect.apply(state)
  if (isLast) host.matched(rule)
}

function entriesOf(target: CompiledTarget, state: TransactionState): readonly Entry[] {
  const { variable, keys } = target
  switch (keys.kind) {
    case 'all':
      return state.entries(variable.slot, variable.name)
    case 'name':
      return state.entriesOfKey(variable.slot, variable.name, keys.name)
    case 'regex':
      return state.entriesMatching(variable.slot, variable.name, keys.regexp)
  }
}

function count(
  target: CompiledTarget,
  state: TransactionState,
  exclusions: readonly TargetExclusion[] | undefined,
): readonly Entry[] {
  const { variable, keys } = target
  const entries = entriesOf(target, state)
  const counted = entries.filter((entry) => !isExcluded(entry, target, exclusions)).length
  const key = keys.kind === 'name' ? (keys.name as ByteString) : undefined
  return [Entry.of(variable.countedName, key, String(counted) as ByteString)]
}

function isExcluded(
  entry: Entry,
  target: CompiledTarget,
  exclusions: readonly TargetExclusion[] | undefined,
): boolean {
  for (const keys of target.exclusions) if (selects(keys, entry.lowerKey)) return true
  if (exclusions === undefined) return false
  for (const { slot, keys, origin } of exclusions) {
    if (slot !== target.variable.slot || (origin !== undefined && origin !== entry.origin)) continue
    if (selects(keys, entry.lowerKey)) return true
  }
  return false
}

const shortValue = 24

/** Values longer than this are worth a look at the budget each. */
const longValue = 1_024

/**
 * Of a short value the expression itself knows sooner than its facts could be gathered, and of a long one the automaton; which in most
 * cases is asked because a screen has let the value through.
 */
function isWorthFacts({ length }: ByteString): boolean {
  return length > shortValue && length <= longValue
}

function holds(form: Examined, condition: Condition, link: RuleLink, state: TransactionState): boolean {
  const { operator, negated } = condition
  const regex = operator.regex
  if (regex !== undefined && form.value.length < regex.prefilter.minLength) return negated
  if (regex !== undefined && isWorthFacts(form.value) && !regex.prefilter.admits(form.facts)) return negated
  const captures = link.captures && !negated ? state.captures : undefined
  return operator.test(form.value, state, captures) !== negated || operator.gaveUp?.() === true
}
