import { closest, hasErrors } from '@gateward/kernel'
import type { Diagnostic, Steps } from '@gateward/kernel'
import type { ByteString } from '../language/bytes.ts'
import type { ActionCall, Statement } from '../language/rule.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import { compileOperator } from '../operators/compile-operator.ts'
import { findTransformation, transformationNames } from '../transformations/find-transformation.ts'
import type { Transformation } from '../transformations/transformation.ts'
import { compileControl } from './compile-control.ts'
import { compileDisruption } from './compile-disruption.ts'
import { compileSetenv } from './compile-setenv.ts'
import { compileExpirevar, compileIdentity, compileInitcol, compileSetvar } from './compile-setvar.ts'
import type { CompiledRule, Condition, RuleLink } from './compiled-rule.ts'
import { compileTargets } from './compiled-target.ts'
import { draftRules } from './draft-rules.ts'
import type { Effect } from './effect.ts'
import type { EngineSettings } from './engine-settings.ts'
import { leaveOutLookups } from './leave-out-lookups.ts'
import type { PhasePlan } from './phase-plan.ts'
import { planPhases } from './phase-plan.ts'
import { Reporter } from './reporter.ts'
import type { LinkDraft, RuleDraft } from './rule-draft.ts'
import { argumentOf, argumentsOf, hasAction } from './rule-draft.ts'
import type { IndexedRule } from './rule-index.ts'
import { RuleIndex } from './rule-index.ts'
import { TransformationTree, pathTo } from './transformation-tree.ts'

/** What rules are compiled with besides their text. */
export interface CompileOptions {
  /** The bytes of a data file by its absolute path; throws where it cannot be read. */
  readData(file: string): ByteString
  /** The folder in which the data files of a rule file are looked for. */
  directoryOf(ruleFile: string): string
}

/** A whole rule set, ready to run. */
export interface RuleSet {
  readonly settings: EngineSettings
  readonly rules: readonly CompiledRule[]
  /** By phase, 1 to 5; index 0 is an empty one. */
  readonly phases: readonly PhasePlan[]
  /** How many chains of transformations there are. */
  readonly chains: number
}

/** Compiles statements to a rule set; undefined where any diagnostic is an error, so that nothing is ever half loaded. */
export function* compileRules(
  statements: readonly Statement[],
  options: CompileOptions,
): Steps<{ readonly ruleSet: RuleSet | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = []
  const { items: drafted, settings } = draftRules(statements, diagnostics)
  const items = leaveOutLookups(drafted, diagnostics)
  const drafts = items.flatMap((item) => (item.kind === 'rule' ? [item.draft] : []))
  const compiler = new RuleCompiler(drafts, options, diagnostics)
  const rules: CompiledRule[] = []
  for (const draft of drafts) {
    rules.push(compiler.compile(draft, rules.length))
    yield
  }
  if (hasErrors(diagnostics)) return { ruleSet: undefined, diagnostics }
  let ordinal = 0
  const order = items.map((item) => (item.kind === 'rule' ? rules[ordinal++]! : item.name))
  const phases = yield* planPhases(order, diagnostics)
  return { ruleSet: { settings, rules, phases, chains: compiler.tree.size }, diagnostics }
}

class RuleCompiler {
  readonly tree = new TransformationTree()
  readonly #index: RuleIndex<IndexedRule>
  readonly #options: CompileOptions
  readonly #diagnostics: Diagnostic[]

  constructor(drafts: readonly RuleDraft[], options: CompileOptions, diagnostics: Diagnostic[]) {
    this.#index = new RuleIndex(
      drafts.map(({ id, tags, message }, ordinal) => ({ ordinal, id, tags, message })),
    )
    this.#options = options
    this.#diagnostics = diagnostics
  }

  compile(draft: RuleDraft, ordinal: number): CompiledRule {
    const reporter = new Reporter(draft.position, this.#diagnostics)
    const actions = draft.links[0]?.actions ?? []
    const last = draft.links.at(-1)?.actions ?? []
    const severity = argumentOf(actions, 'severity')
    const skip = argumentOf(actions, 'skip') ?? argumentOf(last, 'skip')
    return {
      ordinal,
      id: draft.id,
      phase: draft.phase,
      position: draft.position,
      links: draft.links.map((link) => this.#compileLink(link, draft)),
      tags: draft.tags,
      message: macroOf(lastOf('msg', draft)),
      logData: macroOf(lastOf('logdata', draft)),
      severity: severity === undefined ? undefined : compileSeverity(severity, reporter),
      revision: argumentOf(actions, 'rev'),
      isLogged: isOn('log', draft),
      isAudited: isOn('auditlog', draft) && !(hasAction(actions, 'nolog') && !hasAction(actions, 'auditlog')),
      disruption: compileDisruption(actions, last, draft.defaults, reporter),
      skipAfter: argumentOf(actions, 'skipafter') ?? argumentOf(last, 'skipafter'),
      skip: skip === undefined ? 0 : compileSkip(skip, reporter),
    }
  }

  #compileLink(link: LinkDraft, draft: RuleDraft): RuleLink {
    const reporter = new Reporter(link.position, this.#diagnostics)
    return {
      condition: this.#compileCondition(link, draft, reporter),
      captures: hasAction(link.actions, 'capture'),
      effects: link.actions.flatMap((action) => this.#compileEffect(action, reporter) ?? []),
    }
  }

  #compileCondition(link: LinkDraft, draft: RuleDraft, reporter: Reporter): Condition | undefined {
    if (link.operator === undefined) return undefined
    const operator = compileOperator(link.operator, {
      directory: this.#options.directoryOf(link.position.file),
      report: reporter.report,
      readData: (file) => this.#options.readData(file),
    })
    const targets = compileTargets(link.targets, reporter)
    const chain = compileChain([...defaultTransformations(link, draft), ...link.actions], reporter)
    if (operator === undefined) return undefined
    const node = this.tree.nodeOf(chain)
    const multiMatch = hasAction(link.actions, 'multimatch')
    return {
      targets,
      chain: node,
      multiMatch,
      forms: multiMatch ? pathTo(node) : [node],
      operator,
      negated: link.operator.negated,
    }
  }

  #compileEffect({ name, argument = '' }: ActionCall, reporter: Reporter): Effect | undefined {
    switch (name) {
      case 'setvar':
        return compileSetvar(argument, reporter)
      case 'expirevar':
        return compileExpirevar(argument, reporter)
      case 'initcol':
        return compileInitcol(argument, reporter)
      case 'setuid':
      case 'setsid':
      case 'setrsc':
        return compileIdentity(name, argument)
      case 'setenv':
        return compileSetenv(argument, reporter)
      case 'ctl':
        return compileControl(argument, this.#index, reporter)
      default:
        if (!knownActions.has(name)) reportAction(name, reporter)
        return undefined
    }
  }
}

/** Chained rules have transformations of their own, but the default ones are for the rule that starts the chain. */
function defaultTransformations(link: LinkDraft, draft: RuleDraft): readonly ActionCall[] {
  return link === draft.links[0] ? draft.defaults : []
}

function compileChain(actions: readonly ActionCall[], reporter: Reporter): readonly Transformation[] {
  let chain: Transformation[] = []
  for (const name of argumentsOf(actions, 't')) {
    const transformation = findTransformation(name)
    if (name.toLowerCase() === 'none') chain = []
    else if (transformation !== undefined) chain.push(transformation)
    else {
      const meant = closest(name, transformationNames)
      const fix = meant === undefined ? 'remove it' : `did you mean t:${meant}?`
      reporter.refuse('unknown-transformation', `there is no transformation t:${name}`, fix)
    }
  }
  return chain
}

/** The last word of the rule's own, else of its phase's defaults; without either a match is logged. */
function isOn(name: 'log' | 'auditlog', draft: RuleDraft): boolean {
  const actions = [...draft.defaults, ...(draft.links[0]?.actions ?? [])]
  return (
    actions.findLast((action) => action.name === name || action.name === `no${name}`)?.name !== `no${name}`
  )
}

function compileSeverity(text: string, reporter: Reporter): number | undefined {
  const named = severityNames.indexOf(text.toLowerCase())
  const severity = named === -1 ? Number(text) : named
  if (Number.isInteger(severity) && severity >= 0 && severity < severityNames.length) return severity
  return reporter.refuse(
    'bad-severity',
    `"${text}" is no severity`,
    `write one of ${severityNames.join(', ')}`,
  )
}

/** A whole number of rules: anything else could lead backwards, and a phase would never end. */
function compileSkip(text: string, reporter: Reporter): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  reporter.refuse('bad-skip', `"${text}" is no number of rules`, 'write skip:1, or skipAfter with a marker')
  return 0
}

/** The words of severities, from 0 on. */
export const severityNames: readonly string[] = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
]

/** What the last rule of a chain that says something of a kind says: a match is told when all of them have matched. */
function lastOf(name: 'msg' | 'logdata', draft: RuleDraft): string | undefined {
  return draft.links.map((link) => argumentOf(link.actions, name)).findLast((text) => text !== undefined)
}

function macroOf(text: string | undefined): CompiledRule['message'] {
  return text === undefined ? undefined : compileMacro(text)
}

/** Actions whose meaning is taken elsewhere, or which only describe the rule. */
const knownActions = new Set(
  (
    'accuracy allow auditlog block capture chain deny drop id log logdata maturity msg multimatch noauditlog nolog pass phase ' +
    'redirect rev severity skip skipafter status t tag ver'
  ).split(' '),
)

function reportAction(name: string, reporter: Reporter): void {
  const meant = closest(name, [...knownActions, 'setvar', 'ctl', 'initcol', 'expirevar'])
  const fix = meant === undefined ? 'remove it' : `did you mean ${meant}?`
  reporter.refuse('unknown-action', `${name} is no action of this engine`, fix)
}
