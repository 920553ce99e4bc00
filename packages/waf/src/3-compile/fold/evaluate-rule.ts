import type { ByteString } from '../../language/bytes.ts'
import { expandMacro } from '../../macros/expand-macro.ts'
import type { CompiledMacro } from '../../macros/macro.ts'
import { leadingNumber } from '../../operators/numbers.ts'
import type { CompiledRule, Condition, RuleLink } from '../compiled-rule.ts'
import type { CompiledTarget } from '../compiled-target.ts'
import type { Effect, EffectScope, TxChange, TxOrPersistent, VariableKey } from '../effect.ts'
import { pathTo } from '../transformation-tree.ts'
import type { KnownTx } from './known-tx.ts'

/** What a rule does in every transaction: whether it matches, and what it leaves in TX by key in lower case. */
export interface CertainOutcome {
  readonly matches: boolean
  readonly changes: ReadonlyMap<string, TxChange>
}

/** Runs a rule that rests on nothing but known values of TX; undefined where its outcome depends on the request. */
export function evaluateRule(rule: CompiledRule, known: KnownTx): CertainOutcome | undefined {
  const run = new CertainRun(known)
  for (const link of rule.links) {
    const matches = run.askLink(link)
    if (matches === undefined) return undefined
    if (!matches) return { matches, changes: run.changes }
  }
  const isSilent = !rule.isLogged && rule.severity === undefined && rule.disruption.kind === 'none'
  return isSilent ? { matches: true, changes: run.changes } : undefined
}

/** Whether a link matches in every transaction. */
export function linkHolds(link: RuleLink, known: KnownTx): boolean {
  return new CertainRun(known).askLink(link) === true
}

/** The part of a transaction that a certain rule can see. */
class CertainRun {
  readonly changes = new Map<string, TxChange>()
  readonly #known: KnownTx
  #sawUnknown = false
  readonly #scope = {
    expand: (template: CompiledMacro): ByteString => this.#expand(template),
    assign: (_collection: TxOrPersistent, key: VariableKey, value: ByteString | undefined): void => {
      this.changes.set(key.lower, { key: key.written, value })
    },
    add: (_collection: TxOrPersistent, key: VariableKey, amount: number): void => {
      const before = this.#valueOf(key.lower)
      const sum = (before === undefined ? 0 : leadingNumber(before)) + amount
      this.changes.set(key.lower, { key: key.written, value: String(sum) as ByteString })
    },
  }

  constructor(known: KnownTx) {
    this.#known = known
  }

  /** Whether the link matches; undefined where that is not certain, or where it does more than set TX. */
  askLink(link: RuleLink): boolean | undefined {
    const times = link.condition === undefined ? 1 : this.#countMatches(link.condition)
    if (times === undefined || this.#sawUnknown) return undefined
    if (times === 0) return false
    if (link.captures || !link.effects.every(setsOnlyTx)) return undefined
    for (let time = 0; time < times; time += 1) {
      for (const effect of link.effects) effect.apply(this.#scope as EffectScope)
    }
    return this.#sawUnknown ? undefined : true
  }

  #countMatches(condition: Condition): number | undefined {
    if (condition.multiMatch) return undefined
    let times = 0
    for (const target of condition.targets) {
      const values = this.#valuesOf(target)
      if (values === undefined) return undefined
      for (const value of values) if (this.#holds(condition, value)) times += 1
    }
    return times
  }

  #valuesOf({ variable, keys, isCounted, exclusions }: CompiledTarget): readonly ByteString[] | undefined {
    if (variable.name !== 'TX' || keys.kind !== 'name' || exclusions.length > 0) return undefined
    const value = this.#valueOf(keys.name)
    if (isCounted) return [(value === undefined ? '0' : '1') as ByteString]
    return value === undefined ? [] : [value]
  }

  #holds({ chain, operator, negated }: Condition, value: ByteString): boolean {
    const form = pathTo(chain).reduce((input, { transformation }) => transformation?.(input) ?? input, value)
    return operator.test(form, this.#scope, undefined) !== negated
  }

  #valueOf(lowerKey: string): ByteString | undefined {
    const change = this.changes.get(lowerKey)
    if (change !== undefined) return change.value
    const known = this.#known.get(lowerKey)
    if (known === undefined) this.#sawUnknown = true
    return known?.value
  }

  #expand(template: CompiledMacro): ByteString {
    return expandMacro(template, ({ variable, lowerKey, keyPattern }) => {
      if (variable !== 'TX' || lowerKey === undefined || keyPattern !== undefined) this.#sawUnknown = true
      return this.#valueOf(lowerKey ?? '') ?? ('' as ByteString)
    })
  }
}

/** Safe to apply to a scope that has nothing but TX. */
function setsOnlyTx(effect: Effect): boolean {
  return effect.setsTx !== undefined
}
