import { Automata } from './automata.ts'
import { BoundedRegExp } from './bounded-regexp.ts'
import { LinearRegExp } from './linear-regexp.ts'
import { longestOptionalRun } from './optional-run.ts'
import { parseRegex } from './parse-regex.ts'
import type { Prefilter } from './prefilter.ts'
import { createPrefilter } from './prefilter.ts'
import type { RegexMistake } from './regex-mistake.ts'
import { RegexSyntaxError } from './regex-mistake.ts'
import { releaseAtoms } from './release-atoms.ts'
import { toJavaScript } from './to-javascript.ts'
import { unrollCounts } from './unroll.ts'

/** What runs an expression: V8 and an automaton, or where neither can, the bounded engine. */
export type RuleRegExp = LinearRegExp | BoundedRegExp

/** A rule's expression, ready to run on byte strings in time linear in their length. */
export interface CompiledRegex {
  readonly kind: 'regex'
  /** As the rule has it. */
  readonly source: string
  /** Used as any `RegExp`; a `BoundedRegExp` where V8's linear engine could not run the expression. */
  readonly regexp: RuleRegExp
  readonly prefilter: Prefilter
  /** The number of capturing groups. */
  readonly captures: number
}

/**
 * Compiles a regular expression of PCRE's and RE2's kind, as rules write it; a mistake is returned, never thrown. One that a
 * stranger may have written is to run `bounded`: V8 does not see in time that many optional parts in a row are exponential.
 */
export function compileRegex(
  source: string,
  engine: 'fastest' | 'bounded' = 'fastest',
): CompiledRegex | RegexMistake {
  const parsed = parseRegex(source)
  if (parsed.kind === 'mistake') return parsed
  try {
    const root = unrollCounts(releaseAtoms(parsed.root))
    const automata = new Automata(root)
    const isForV8 = engine === 'fastest' && longestOptionalRun(root) < mostOptionalInARow
    const javascript = isForV8 ? toJavaScript(root) : undefined
    const regexp =
      javascript === undefined
        ? new BoundedRegExp(source, root, parsed.captures, automata)
        : new LinearRegExp(javascript, automata, parsed.captures)
    return {
      kind: 'regex',
      source,
      regexp,
      prefilter: createPrefilter(root),
      captures: parsed.captures,
    }
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.mistake
    // V8's own bounds, and the stack's, are met by expressions that are large.
    if (error instanceof SyntaxError || error instanceof RangeError) return tooLarge
    throw error
  }
}

/** Each more would double the time that V8 takes to compile; the Core Rule Sets have up to seven. */
const mostOptionalInARow = 10

const tooLarge: RegexMistake = new RegexSyntaxError('it is too large', 'split the rule', 0).mistake
