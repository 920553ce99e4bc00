import { compileRegex } from '../regex/compile-regex.ts'
import type { Reporter } from './reporter.ts'

/** What rules are found by. */
interface NamedRule {
  readonly id: number
  readonly tags: readonly string[]
  readonly message: string | undefined
}

/** A rule by its place among all. */
export interface IndexedRule extends NamedRule {
  readonly ordinal: number
}

/** By what rules are named in `SecRuleRemove…`, `SecRuleUpdate…` and `ctl`. */
export type RuleCriterion = 'id' | 'tag' | 'msg'

/** Finds the rules that a directive or `ctl` names, at load. */
export class RuleIndex<Rule extends NamedRule> {
  readonly #rules: readonly Rule[]
  readonly #found = new Map<string, readonly Rule[]>()

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
  }

  /** The rules meant by `942100`, `942000-942999 949110`, or a pattern over tags or messages; undefined if unreadable. */
  find(criterion: RuleCriterion, text: string, reporter: Reporter): readonly Rule[] | undefined {
    const key = `${criterion} ${text}`
    const known = this.#found.get(key)
    if (known !== undefined) return known
    const isMeant = criterion === 'id' ? meansId(text, reporter) : meansText(criterion, text, reporter)
    const found = isMeant && this.#rules.filter(isMeant)
    if (found !== undefined) this.#found.set(key, found)
    return found
  }
}

function meansId(text: string, reporter: Reporter): ((rule: NamedRule) => boolean) | undefined {
  const ranges: [number, number][] = []
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (first === undefined || Number(last ?? first) < Number(first)) {
      return reporter.refuse('bad-rule-id', `"${part}" is no rule id`, 'write 942100 or 942000-942999')
    }
    ranges.push([Number(first), Number(last ?? first)])
  }
  return ({ id }) => ranges.some(([first, last]) => first <= id && id <= last)
}

function meansText(
  criterion: 'tag' | 'msg',
  text: string,
  reporter: Reporter,
): ((rule: NamedRule) => boolean) | undefined {
  const compiled = compileRegex(text)
  if (compiled.kind !== 'regex') return reporter.refuse('bad-regex', compiled.message, compiled.fix)
  const { regexp } = compiled
  if (criterion === 'tag') return ({ tags }) => tags.some((tag) => regexp.test(tag))
  return ({ message }) => message !== undefined && regexp.test(message)
}
