import { setFlagsFromString } from 'node:v8'
import type { LazyAutomaton } from './lazy-automaton.ts'
import { once } from './once.ts'

// Has to be on before the first expression is compiled. V8 then runs an expression by backtracking for no longer than
// 50,000 steps back, and after them on its linear engine, if the source has no lookahead, counter or `i` flag.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

/** From this length on, a pass of the automaton costs less than the expression. */
export const longValue = 200

/** Sources longer than this are lists of many words: V8 tries each of them at each place, where the automaton goes on once. */
const longSource = 1_500

/** How far before and after the end of a match its captures are looked for in a value too long to be looked through whole. */
const reachBefore = 2048
const reachAfter = 512
const wholeValue = 16_384

/**
 * An expression that takes linear time. V8 runs it on short values. On long ones, where stepping back could take the
 * square of the length before V8 counts enough steps, an automaton decides; V8 then only finds what was captured,
 * near the place where the match ends.
 */
export class LinearRegExp extends RegExp {
  /** It never gives up, as a `BoundedRegExp` may. */
  readonly exhausted = false
  /** V8 is faster on expressions of its own class; made when first asked, since most rules of a set are off. */
  readonly #plain: () => RegExp
  #global: RegExp | undefined
  readonly #automaton: () => LazyAutomaton
  /** The length from which on the automaton decides. */
  readonly #fromLength: number

  /** @throws SyntaxError where V8 finds the expression too large. */
  constructor(source: string, automaton: () => LazyAutomaton) {
    super(source)
    this.#plain = once(() => new RegExp(source))
    this.#automaton = automaton
    this.#fromLength = source.length > longSource ? 0 : longValue
  }

  override test(text: string): boolean {
    if (text.length < this.#fromLength) return this.#plain().test(text)
    const end = this.#automaton().endOfMatch(text)
    return end === undefined ? this.#plain().test(text) : end >= 0
  }

  override exec(text: string): RegExpExecArray | null {
    return text.length < longValue ? this.#plain().exec(text) : this.#execLong(text)
  }

  /** The first match that begins at or after a place. */
  execFrom(text: string, from: number): RegExpExecArray | null {
    const global = (this.#global ??= new RegExp(this.source, 'g'))
    global.lastIndex = from
    return global.exec(text)
  }

  #execLong(text: string): RegExpExecArray | null {
    const end = this.#automaton().endOfMatch(text)
    if (end === undefined) return this.#plain().exec(text)
    if (end < 0) return null
    const near = text.slice(0, end + reachAfter)
    if (end <= wholeValue) return this.#plain().exec(near) ?? matchEndingAt(text, end)
    return this.execFrom(near, end - reachBefore) ?? this.#plain().exec(near) ?? matchEndingAt(text, end)
  }
}

/** A match too long to be looked at whole is shown by its last bytes. */
function matchEndingAt(text: string, end: number): RegExpExecArray {
  const start = Math.max(0, end - reachBefore)
  const match: [string, ...string[]] = [text.slice(start, end)]
  return Object.assign(match, { index: start, input: text })
}
