import type { ByteString } from '../language/bytes.ts'
import type { CompiledMacro } from '../macros/macro.ts'
import type { RuleRegExp } from '../regex/compile-regex.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import { setCaptures } from './captures.ts'
import type { Matcher } from './operator.ts'

const mostPatterns = 64
const longestPattern = 4_096

/**
 * `@rx` whose expression has macros, as CRS 3 compares with a list from its settings: `^%{tx.allowed_charsets}$`. Each expression
 * that comes about is compiled once, at most 64 are kept. Safe whoever chose the text, because the bounded engine
 * runs every expression; one that cannot be compiled matches nothing.
 */
export function macroRegex(template: CompiledMacro): Matcher {
  const patterns = new Map<ByteString, RuleRegExp | undefined>()
  let pattern: RuleRegExp | undefined
  return {
    macro: true,
    gaveUp: () => pattern?.exhausted === true,
    test(value, scope, captures) {
      pattern = patternOf(scope.expand(template), patterns)
      const match = pattern?.exec(value) ?? null
      if (match !== null && captures !== undefined) setCaptures(captures, match)
      return match !== null
    },
  }
}

function patternOf(
  source: ByteString,
  patterns: Map<ByteString, RuleRegExp | undefined>,
): RuleRegExp | undefined {
  if (patterns.has(source)) return patterns.get(source)
  const compiled = source.length > longestPattern ? undefined : compileRegex(source, 'bounded')
  const pattern = compiled?.kind === 'regex' ? compiled.regexp : undefined
  if (patterns.size >= mostPatterns) patterns.clear()
  patterns.set(source, pattern)
  return pattern
}
