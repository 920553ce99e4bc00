import type { Automata } from './automata.ts'
import type { ByteClass } from './byte-class.ts'
import type { Step } from './compile-steps.ts'
import { compileSteps } from './compile-steps.ts'
import { longValue } from './linear-regexp.ts'
import type { MatchRun } from './match-run.ts'
import { createMatchRun, resetRun } from './match-run.ts'
import { beginningOf } from './measure.ts'
import type { RegexNode } from './syntax-tree.ts'

/**
 * An expression that V8's linear engine cannot run: with lookaheads, atomic groups or backreferences. Used as any
 * `RegExp`, but its matches are found by backtracking that takes no fork of the expression twice at the same place of
 * the text. Behind a group that is referred to this cannot be had; a limit on the steps holds there instead.
 */
export class BoundedRegExp extends RegExp {
  readonly #run: MatchRun
  readonly #begin: Step
  readonly #first: ByteClass | undefined
  readonly automata: Automata
  /** The length from which on the automata are asked first. */
  readonly automataFrom = longValue

  constructor(source: string, root: RegexNode, captures: number, automata: Automata) {
    // Only shown to people: the tree is what runs.
    super(source.replace(/[^]/g, escapeCharacter))
    this.automata = automata
    this.#run = createMatchRun(captures)
    this.#begin = compileSteps(root, this.#run)
    const beginning = beginningOf(root)
    this.#first = beginning.mayBeEmpty ? undefined : beginning.bytes
  }

  /** Whether the last match was given up at a limit, so that its "no" is not known to be true. */
  get exhausted(): boolean {
    return this.#run.exhausted
  }

  override test(text: string): boolean {
    return this.#find(text, 0) >= 0
  }

  override exec(text: string): RegExpExecArray | null {
    return this.execFrom(text, 0)
  }

  /** The first match that begins at or after a place. */
  execFrom(text: string, from: number): RegExpExecArray | null {
    const start = this.#find(text, from)
    if (start < 0) return null
    const { spans } = this.#run
    const groups: Array<string | undefined> = []
    for (let index = 0; index < spans.length; index += 2) {
      const from = spans[index] ?? -1
      groups.push(from < 0 ? undefined : text.slice(from, spans[index + 1]))
    }
    return Object.assign(groups as [string, ...string[]], { index: start, input: text })
  }

  /** The leftmost match's beginning, or -1; the run holds its spans. */
  #find(text: string, from: number): number {
    const run = this.#run
    // The automaton's no is sure, and comes in one pass, where backtracking may give up at its limit.
    if (text.length >= this.automataFrom && this.automata.endOfMatch(text) === -1) {
      run.exhausted = false
      return -1
    }
    resetRun(run, text)
    for (let start = from; start <= text.length && !run.exhausted; start++) {
      if (this.#first !== undefined && !this.#first.has(text.charCodeAt(start))) continue
      run.spans.fill(-1)
      const end = this.#begin(start)
      if (end < 0) continue
      run.spans[0] = start
      run.spans[1] = end
      return start
    }
    return -1
  }
}

function escapeCharacter(character: string): string {
  return /\w/.test(character) ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
