import { BoundedRegExp } from './bounded-regexp.ts'
import { createLinearRegExp } from './linear-regexp.ts'
import { parseRegex } from './parse-regex.ts'
import type { Prefilter } from './prefilter.ts'
import { createPrefilter } from './prefilter.ts'
import type { RegexMistake } from './regex-mistake.ts'
import { RegexSyntaxError } from './regex-mistake.ts'
import { releaseAtoms } from './release-atoms.ts'
import { toJavaScript } from './to-javascript.ts'
import { unrollCounts } from './unroll.ts'

/** A rule's expression, ready to run on byte strings in time linear in their length. */
export interface CompiledRegex {
  readonly kind: 'regex'
  /** As the rule has it. */
  readonly source: string
  /** A `BoundedRegExp` where V8's linear engine could not run the expression. */
  readonly regexp: RegExp
  readonly prefilter: Prefilter
  /** The number of capturing groups. */
  readonly captures: number
}

/** Compiles a regular expression of PCRE's and RE2's kind, as rules write it; a mistake is returned, never thrown. */
export function compileRegex(source: string): CompiledRegex | RegexMistake {
  const parsed = parseRegex(source)
  if (parsed.kind === 'mistake') return parsed
  try {
    const root = unrollCounts(releaseAtoms(parsed.root))
    const javascript = toJavaScript(root)
    const regexp =
      javascript === undefined
        ? new BoundedRegExp(source, root, parsed.captures)
        : createLinearRegExp(javascript)
    return { kind: 'regex', source, regexp, prefilter: createPrefilter(root), captures: parsed.captures }
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.mistake
    throw error
  }
}
