import { setFlagsFromString } from 'node:v8'
import type { Automata } from './automata.ts'

// Has to be on before the first expression is compiled. V8 then runs an expression by backtracking for no longer than
// 50,000 steps back, and after them on its linear engine, if the source has no lookahead, counter or `i` flag.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

/** From this length on, a pass of the automaton costs less than the expression. */
export const longValue = 200

/** Sources longer than this are lists of many words: V8 tries each of them at each place, where the automaton goes on once. */
const longSource = 1_500

/**
 * An expression that takes linear time. V8 runs it on short values. On long ones, where stepping back could take the
 * square of the length before V8 counts enough steps, automata decide and find from where to where the match can reach; V8 then
 * only finds what was captured there.
 */
export class LinearRegExp extends RegExp {
  /** It never gives up, as a `BoundedRegExp` may. */
  readonly exhausted = false
  /** V8 is faster on expressions of its own class; made when first asked, since most rules of a set are off. */
  #plain: RegExp | undefined
  readonly automata: Automata
  /** The length from which on the automata decide. */
  readonly automataFrom: number
  /** Matches after the first byte, which is there for what a match asks about the byte before it. */
  #second: RegExp | undefined
  #global: RegExp | undefined
  readonly #captures: number

  /**
   * @param captures the number of capturing groups
   * @throws SyntaxError where V8 finds the expression too large.
   */
  constructor(source: string, automata: Automata, captures: number) {
    super(source)
    this.#captures = captures
    this.automata = automata
    this.automataFrom = source.length > longSource ? 0 : longValue
  }

  get #own(): RegExp {
    return (this.#plain ??= new RegExp(this.source))
  }

  override test(text: string): boolean {
    if (text.length < this.automataFrom) return this.#own.test(text)
    if (this.automata.endOfMatch(text) === -1) return false
    return this.automata.isExact || this.#own.test(text)
  }

  override exec(text: string): RegExpExecArray | null {
    if (text.length >= longValue) return this.#execLong(text)
    // V8 takes milliseconds and more to compile a long list of words: for a short value that has none of them it need not.
    if (this.automataFrom === 0 && this.automata.endOfMatch(text) === -1) return null
    return this.#own.exec(text)
  }

  /** The first match that begins at or after a place. */
  execFrom(text: string, from: number): RegExpExecArray | null {
    const global = (this.#global ??= new RegExp(this.source, 'g'))
    global.lastIndex = from
    return global.exec(text)
  }

  #execLong(text: string): RegExpExecArray | null {
    const { forward, isExact } = this.automata
    const end = this.automata.endOfMatch(text)
    if (end === -1) return null
    if (!isExact) return this.#own.exec(text)
    const start = this.#leftmost(text, end)
    if (start >= 0 && this.#captures === 0 && this.automata.isOrderly) return this.#wholeMatch(text, start)
    if (start <= 0) return this.#own.exec(text)
    const last = forward.endOfLongestMatchFrom(text, start)
    const match = this.#execAt(text, start, last + 1)
    // Where the text was cut, its end may look like one that a longer match asks for.
    return match !== null && start + match[0].length <= last ? match : this.#execAt(text, start, text.length)
  }

  /** Without groups there is nothing that V8 would have to be asked for. */
  #wholeMatch(text: string, start: number): RegExpExecArray {
    const end = this.automata.ordered.endOfMatchFrom(text, start)
    return Object.assign([text.slice(start, end)] as [string], { index: start, input: text })
  }

  /** Goes from the match that ends first to the one that begins first, as long as there is one that began before. */
  #leftmost(text: string, firstEnd: number): number {
    const { forward, backward } = this.automata
    let start = backward.startOfMatchUpTo(text, firstEnd)
    for (let steps = 0; start > 0 && steps < mostSteps; steps++) {
      const end = forward.endOfMatchBegunBefore(text, start)
      if (end === -1) break
      start = backward.startOfMatchUpTo(text, end)
    }
    return start
  }

  /** The match that begins at a place, in the text up to another one. */
  #execAt(text: string, start: number, until: number): RegExpExecArray | null {
    const match = (this.#second ??= new RegExp(`^[^](?:${this.source})`)).exec(text.slice(start - 1, until))
    if (match === null) return null
    match[0] = match[0].slice(1)
    return Object.assign(match, { index: start, input: text })
  }
}

/** Each step costs a pass over the value. */
const mostSteps = 4
