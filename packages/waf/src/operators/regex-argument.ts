import { compileMacro } from '../macros/compile-macro.ts'
import type { CompiledRegex } from '../regex/compile-regex.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import type { OperatorContext } from './operator.ts'

/** The regular expression that an argument writes; undefined, with the mistake reported, where it is none. */
export function compileRegexArgument(argument: string, context: OperatorContext): CompiledRegex | undefined {
  if (compileMacro(argument).kind === 'template') {
    // What a request brings must never become a pattern: it could be one of exponential time, or one that matches nothing.
    context.report({
      code: 'operator-argument',
      severity: 'error',
      message: `the regular expression ${argument} has a macro, and would be known only when a request is there`,
      fix: 'compare with @contains, @within or @streq instead, or escape the percent sign',
    })
    return undefined
  }
  const compiled = compileRegex(argument)
  if (compiled.kind === 'regex') return compiled
  const { message, fix } = compiled
  context.report({ code: 'regular-expression', severity: 'error', message, fix })
  return undefined
}
