import { setFlagsFromString } from 'node:v8'

// Has to be on before the first expression is compiled.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

/**
 * Creates an expression that V8 runs by backtracking, but for no longer than 50,000 steps back: then it goes over to
 * its linear engine. It can do so only where the source has no lookahead, backreference or counter, and no `i` flag.
 *
 * @throws SyntaxError where V8 finds the expression too large.
 */
export function createLinearRegExp(source: string): RegExp {
  return new RegExp(source)
}
