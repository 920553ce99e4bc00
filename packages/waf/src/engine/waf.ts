import type { Clock } from '@gateward/kernel'
import { inTurns, systemClock } from '@gateward/kernel'
import type { RuleSet } from '../3-compile/compile-rules.ts'
import type { CompiledRule } from '../3-compile/compiled-rule.ts'
import { defaultBodyLimits } from '../bodies/body-limits.ts'
import type { BodyLimits } from '../bodies/body-limits.ts'
import type { CompiledFieldPolicy, FieldPolicyOptions } from '../fields/compile-policy.ts'
import { compileFieldPolicy } from '../fields/compile-policy.ts'
import type { FieldPolicy } from '../fields/field-policy.ts'
import { CollectionStore } from './collection-store.ts'
import type { WafRequestHead } from './request-head.ts'
import type { RuleCost } from './profile-rules.ts'
import { profileRules } from './profile-rules.ts'
import { LiteralIndex } from './screening/literal-index.ts'
import { Screener } from './screening/screener.ts'
import type { EngineParts } from './transaction.ts'
import { WafTransaction } from './transaction.ts'
import { warmUp } from './warm-up.ts'

/** What its host decides about an engine. */
export interface WafSettings {
  /** Microseconds of rule work that one transaction may use, all phases together with the waits between them left out. */
  readonly budget?: number
  /** What becomes of a transaction whose budget is used up: blocked with status 503, or passed with the rules not asked. */
  readonly onBudget?: 'block' | 'pass'
  readonly limits?: Partial<BodyLimits>
  readonly clock?: Clock
}

/** What is known of a rule besides what it does. */
export type RuleDescription = Pick<CompiledRule, 'id' | 'phase' | 'position' | 'tags' | 'severity'>

/** An engine that measures itself, and what its rules cost so far. */
export interface ProfiledWaf {
  readonly waf: Waf
  readonly costs: () => readonly RuleCost[]
}

/** A compiled rule set with its collections: begins transactions, and is thrown away whole when rules change. */
export class Waf {
  readonly #parts: EngineParts
  readonly #settings: WafSettings

  constructor(ruleSet: RuleSet, settings: WafSettings = {}) {
    this.#settings = settings
    const clock = settings.clock ?? systemClock
    const literals = new LiteralIndex(
      ruleSet.phases.flatMap(({ screens }) => screens.screens.map(({ operator }) => operator)),
    )
    this.#parts = {
      ruleSet,
      phases: ruleSet.phases.map((plan) => ({ plan, screener: new Screener(plan.screens, literals) })),
      clock,
      store: new CollectionStore(clock, ruleSet.settings.collectionTimeout),
      limits: {
        ...defaultBodyLimits,
        arguments: ruleSet.settings.argumentsLimit,
        jsonInArgumentBytes: ruleSet.settings.jsonInArgumentsLimit,
        oddPairsAsArguments: ruleSet.settings.oddPairsAsArguments,
        depth: ruleSet.settings.jsonDepthLimit,
        fileContentBytes: readsFiles(ruleSet)
          ? ruleSet.settings.fileContentLimit || ruleSet.settings.requestBodyLimit
          : 0,
        ...settings.limits,
      },
      budget: (settings.budget ?? 500_000) / 1000,
      onBudget: settings.onBudget ?? 'block',
    }
  }

  /** How many rules there are. */
  get rules(): number {
    return this.#parts.ruleSet.rules.length
  }

  /** Whether any rule runs in a phase, 1 to 5: a host need not call one that has none. */
  hasRules(phase: number): boolean {
    return (this.#parts.ruleSet.phases[phase]?.rules.length ?? 0) > 0
  }

  /** Media types of the response bodies that phase 4 may look at, in lower case and without parameters. */
  get responseBodyTypes(): readonly string[] {
    return this.#parts.ruleSet.settings.responseBodyTypes
  }

  /** Compiles what one place of an application says to these rules, for the transactions that begin there. */
  fieldPolicy(options: FieldPolicyOptions): CompiledFieldPolicy {
    return compileFieldPolicy(this.#parts.ruleSet, options)
  }

  /** Has the runtime compile what transactions will use, in turns: tens of milliseconds now instead of within the first one's budget. */
  warmUp(): Promise<void> {
    return inTurns(warmUp(this.#parts))
  }

  /** Every rule in its order: what reports say of one besides its number. */
  describeRules(): readonly RuleDescription[] {
    return this.#parts.ruleSet.rules.map(({ id, phase, position, tags, severity }) => ({
      id,
      phase,
      position,
      tags,
      severity,
    }))
  }

  /** A copy of this engine that measures what each of its rules costs. */
  profiled(): ProfiledWaf {
    const { ruleSet, costs } = profileRules(this.#parts.ruleSet)
    return { waf: new Waf(ruleSet, { ...this.#settings, budget: Number.POSITIVE_INFINITY }), costs }
  }

  /** Begins a transaction; its phases are called by the host, in order. */
  begin(head: WafRequestHead, policy?: FieldPolicy): WafTransaction {
    return new WafTransaction(head, this.#parts, policy)
  }
}

/** Whether any rule looks into uploaded files: only then are they worth a copy. */
function readsFiles({ rules }: RuleSet): boolean {
  return rules.some(({ links }) =>
    links.some(({ condition }) =>
      condition?.targets.some(({ variable }) => variable.name === 'FILES_TMP_CONTENT'),
    ),
  )
}
