import type { Diagnostic } from '@gateward/kernel'
import { parseActions } from '../1-parse/parse-actions.ts'
import type { ActionCall, Statement } from '../language/rule.ts'
import type { DirectiveStatement } from './apply-directive.ts'
import { applyDirective, isUpdate } from './apply-directive.ts'
import type { EngineSettings } from './engine-settings.ts'
import { defaultSettings } from './engine-settings.ts'
import { ownValue } from './own-value.ts'
import { Reporter } from './reporter.ts'
import type { DraftItem, LinkDraft, RuleDraft } from './rule-draft.ts'
import { argumentOf, argumentsOf, hasAction } from './rule-draft.ts'

/** A rule set in its order, before anything of it is compiled. */
export interface DraftedRules {
  readonly items: readonly DraftItem[]
  readonly settings: EngineSettings
}

/** What statements have built so far; directives change it. */
export interface Drafting {
  items: DraftItem[]
  settings: EngineSettings
}

/** Gathers statements into rules with their chains, and applies the directives in order: those about rules when all rules are known. */
export function draftRules(statements: readonly Statement[], diagnostics: Diagnostic[]): DraftedRules {
  const drafting: Drafting = { items: [], settings: defaultSettings }
  const drafter = new RuleDrafter(drafting)
  const updates: DirectiveStatement[] = []
  for (const statement of statements) {
    const reporter = new Reporter(statement.position, diagnostics)
    if (statement.kind === 'rule' || statement.kind === 'action') drafter.addLink(statement, reporter)
    else if (statement.kind === 'marker') drafting.items.push({ kind: 'marker', name: statement.name })
    else if (statement.name.toLowerCase() === 'secdefaultaction') {
      drafter.setDefaults(statement.values[0] ?? '', reporter)
    } else if (isUpdate(statement)) updates.push(statement)
    else applyDirective(statement, drafting, reporter)
  }
  drafter.leaveOutOpenChain()
  for (const update of updates) applyDirective(update, drafting, new Reporter(update.position, diagnostics))
  return drafting
}

class RuleDrafter {
  readonly #drafting: Drafting
  readonly #defaults = new Map<number, readonly ActionCall[]>()
  readonly #ids = new Set<number>()
  /** The rule whose chain the next rule goes on. */
  #open: RuleDraft | undefined

  constructor(drafting: Drafting) {
    this.#drafting = drafting
  }

  addLink(statement: Extract<Statement, { kind: 'rule' | 'action' }>, reporter: Reporter): void {
    const link: LinkDraft = {
      position: statement.position,
      operator: statement.kind === 'rule' ? statement.operator : undefined,
      targets: statement.kind === 'rule' ? statement.targets : [],
      actions: statement.actions,
    }
    const draft = this.#open ?? this.#startRule(link, reporter)
    if (this.#open !== undefined) draft?.links.push(link)
    this.#open = hasAction(link.actions, 'chain') ? draft : undefined
  }

  /** A chain that no rule went on when the last file ended: it could never match. */
  leaveOutOpenChain(): void {
    const open = this.#open
    if (open === undefined) return
    const { items } = this.#drafting
    this.#drafting.items = items.filter((item) => item.kind !== 'rule' || item.draft !== open)
  }

  setDefaults(text: string, reporter: Reporter): void {
    const actions = parseActions(text, reporter.mistake)
    const phase = phaseOf(argumentOf(actions, 'phase'))
    if (phase === undefined || !hasAction(actions, 'phase')) {
      reporter.refuse('bad-phase', 'SecDefaultAction names no phase', 'write phase:1 to phase:5 in it')
    } else if (!actions.some(({ name }) => decides.has(name))) {
      reporter.refuse('bad-default', 'SecDefaultAction decides nothing', 'add pass, deny or another decision')
    } else if (actions.some(({ name }) => ownOfRules.has(name))) {
      const name = actions.find((action) => ownOfRules.has(action.name))?.name ?? ''
      reporter.refuse('bad-default', `the action ${name} is for single rules`, 'remove it')
    } else this.#defaults.set(phase, actions)
  }

  #startRule(link: LinkDraft, reporter: Reporter): RuleDraft | undefined {
    const id = idOf(link, reporter)
    const phase = phaseOf(argumentOf(link.actions, 'phase'))
    if (id === undefined) return undefined
    if (phase === undefined) {
      const written = argumentOf(link.actions, 'phase') ?? ''
      return reporter.refuse('bad-phase', `"${written}" is no phase`, 'write phase:1 to phase:5')
    }
    if (id !== 0 && this.#ids.has(id)) {
      return reporter.refuse('duplicate-id', `id ${id} stands at another rule`, 'give every rule its own id')
    }
    this.#ids.add(id)
    const draft: RuleDraft = {
      id,
      phase,
      position: link.position,
      defaults: this.#defaults.get(phase) ?? [],
      links: [link],
      message: argumentOf(link.actions, 'msg'),
      tags: argumentsOf(link.actions, 'tag'),
    }
    this.#drafting.items.push({ kind: 'rule', draft })
    return draft
  }
}

/** The number of a rule; 0 of a `SecAction` that has none, which libmodsecurity allows. */
function idOf(link: LinkDraft, reporter: Reporter): number | undefined {
  const written = argumentOf(link.actions, 'id')
  if (written === undefined && link.operator === undefined) {
    reporter.warn(
      'missing-id',
      'the action has no id, so that nothing can name it',
      'give it an action id:NUMBER',
    )
    return 0
  }
  const id = Number(written ?? Number.NaN)
  if (Number.isSafeInteger(id) && id > 0) return id
  return reporter.refuse('missing-id', 'the rule has no id', 'give it an action id:NUMBER')
}

/** What a default must say one of, so that `block` means something. */
const decides = new Set(['allow', 'block', 'deny', 'drop', 'pass', 'redirect'])

/** What no default can say for all rules. */
const ownOfRules = new Set(['chain', 'id', 'msg', 'rev', 'skip', 'skipafter', 'ver'])

function phaseOf(text: string | undefined): number | undefined {
  if (text === undefined) return 2
  return ownValue(phases, text.toLowerCase())
}

const phases: Readonly<Record<string, number>> = {
  '1': 1,
  '2': 2,
  '3': 3,
  '4': 4,
  '5': 5,
  request: 2,
  response: 4,
  logging: 5,
}
