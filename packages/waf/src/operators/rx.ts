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
  const global = new RegExp(regex.regexp.source, `${regex.regexp.flags}g`)
  return {
    macro: false,
    regex,
    test(value, _scope, captures) {
      if (captures === undefined) return regex.regexp.test(value)
      let count = 0
      for (const match of value.matchAll(global)) {
        setCaptures(captures, match)
        count += 1
        if (count === mostMatches) break
      }
      return count > 0
    },
  }
}
