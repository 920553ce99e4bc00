import { closest } from '@gateward/kernel'
import { canonicalJsonName } from '../bodies/json/canonical-json-name.ts'
import type { Target } from '../language/rule.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import { refusedVariables } from './refused-variables.ts'
import type { Reporter } from './reporter.ts'
import type { VariableDefinition } from './variables.ts'
import { variables } from './variables.ts'

/** One target of a rule, with what is taken out of it. */
export interface CompiledTarget {
  readonly variable: VariableDefinition
  readonly keys: KeySelector
  /** How many there are is the value. */
  readonly isCounted: boolean
  /** Keys of the same variable that other parts of the target list took out. */
  readonly exclusions: readonly KeySelector[]
}

/** Which keys of a collection are meant. Keys are compared without regard to letter case. */
export type KeySelector =
  | { readonly kind: 'all' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'regex'; readonly regexp: RegExp }

/** A variable, or keys of it, that some rules shall not look at. */
export interface TargetExclusion {
  readonly slot: number
  readonly keys: KeySelector
  /** Only entries that a reader put into this collection: what of `ARGS` comes from the query, say. */
  readonly origin?: string
}

const all: KeySelector = { kind: 'all' }

/** Compiles the targets of one rule; what cannot be compiled is reported and left out. */
export function compileTargets(targets: readonly Target[], reporter: Reporter): readonly CompiledTarget[] {
  const compiled = targets.flatMap((target) => {
    const variable = findVariable(target.variable, reporter)
    const keys = compileSelector(target, reporter)
    return variable && keys ? [{ target, variable, keys }] : []
  })
  const excluded = compiled.filter(({ target }) => target.excluded)
  return compiled
    .filter(({ target }) => !target.excluded)
    .map(({ target, variable, keys }) => ({
      variable,
      keys,
      isCounted: target.counted,
      exclusions: excluded.filter((other) => other.variable === variable).map((other) => other.keys),
    }))
}

/** Compiles one target as something to leave out. */
export function compileExclusion(target: Target, reporter: Reporter): TargetExclusion | undefined {
  const variable = findVariable(target.variable, reporter)
  const keys = compileSelector(target, reporter)
  return variable && keys && { slot: variable.slot, keys }
}

/** Whether a key is meant by a selector; `lowerKey` is the key in lower case. */
export function selects(selector: KeySelector, lowerKey: string): boolean {
  switch (selector.kind) {
    case 'all':
      return true
    case 'name':
      return selector.name === lowerKey
    case 'regex':
      return selector.regexp.test(lowerKey)
  }
}

function findVariable(name: string, reporter: Reporter): VariableDefinition | undefined {
  const variable = variables.get(name)
  const reason = refusedVariables.get(name)
  if (reason !== undefined) {
    reporter.refuse('refused-variable', `${name} is refused: ${reason}`, 'remove it')
  } else if (variable === undefined) {
    const meant = closest(name, [...variables.keys()])
    const fix = meant === undefined ? 'write a variable of the language' : `did you mean ${meant}?`
    reporter.refuse('unknown-variable', `${name} is no variable of this engine`, fix)
  }
  return variable
}

/** The expressions of XPath that are more than a name here: all texts of a document, and all values of attributes. */
const xpaths = new Set(['/*', '//@*'])

function compileSelector({ variable, selector }: Target, reporter: Reporter): KeySelector | undefined {
  if (selector === undefined) return all
  if (variable === 'XML' && (selector.kind === 'regex' || !xpaths.has(selector.name))) {
    const written = selector.kind === 'name' ? selector.name : `/${selector.source}/`
    const message = `XML:${written} is refused: expressions of XPath are not evaluated`
    return reporter.refuse(
      'refused-xpath',
      message,
      'write XML:/* for all texts, or XML://@* for all attributes',
    )
  }
  if (selector.kind === 'name') {
    return { kind: 'name', name: canonicalJsonName(selector.name).toLowerCase() }
  }
  const compiled = compileRegex(`(?i)${selector.source}`)
  if (compiled.kind === 'regex') return { kind: 'regex', regexp: compiled.regexp }
  return reporter.refuse('bad-regex', compiled.message, compiled.fix)
}
