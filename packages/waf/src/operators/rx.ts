import { compileMacro } from '../macros/compile-macro.ts'
import { setCaptures } from './captures.ts'
import { macroRegex } from './macro-regex.ts'
import type { OperatorFactory } from './operator.ts'
import { compileRegexArgument } from './regex-argument.ts'

const mostMatches = 1000

/** `@rx`: the regular expression matches somewhere in the value. */
export const rx: OperatorFactory = (argument, context) => {
  const template = compileMacro(argument)
  if (template.kind === 'template') return macroRegex(template)
  const regex = compileRegexArgument(argument, context)
  if (regex === undefined) return undefined
  const { regexp } = regex
  return {
    macro: false,
    regex,
    gaveUp: () => regexp.exhausted,
    test(value, _scope, captures) {
      if (captures === undefined) return regexp.test(value)
      const match = regexp.exec(value)
      if (match !== null) setCaptures(captures, match)
      return match !== null
    },
  }
}

/** `@rxGlobal`: as `@rx`, going on after a match; of a group that took part several times the last value is captured. */
export const rxGlobal: OperatorFactory = (argument, context) => {
  const regex = compileRegexArgument(argument, context)
  if (regex === undefined) return undefined
  const { regexp } = regex
  return {
    macro: false,
    regex,
    gaveUp: () => regexp.exhausted,
    test(value, _scope, captures) {
      if (!regexp.test(value)) return false
      if (captures === undefined) return true
      let match = regexp.execFrom(value, 0)
      for (let count = 1; match !== null && count <= mostMatches; count += 1) {
        setCaptures(captures, match)
        match = regexp.execFrom(value, match.index + Math.max(1, match[0].length))
      }
      return true
    },
  }
}
