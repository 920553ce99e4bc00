import { buildAutomaton } from './build-automaton.ts'
import { FollowTable } from './follow-table.ts'
import { LazyAutomaton } from './lazy-automaton.ts'
import { minimumLength } from './measure.ts'
import { once } from './once.ts'
import { reverse } from './reverse.ts'
import type { RegexNode } from './syntax-tree.ts'
import { someNode } from './syntax-tree.ts'

/** No end of a match. */
const unasked = -2

/** The automata of one expression, each made when first asked for. */
export class Automata {
  readonly #root: RegexNode
  readonly #forward: () => LazyAutomaton
  readonly #backward: () => LazyAutomaton
  readonly #ordered: () => LazyAutomaton
  /** The text that `#end` is about; most often there is none. */
  #text: string | undefined
  #end = unasked
  #isExact: boolean | undefined
  #isOrderly: boolean | undefined

  /** @param root a tree whose counts are unrolled */
  constructor(root: RegexNode) {
    this.#root = root
    const follows = once(() => new FollowTable(buildAutomaton(root)))
    this.#forward = once(() => new LazyAutomaton(follows()))
    this.#ordered = once(() => new LazyAutomaton(follows(), true))
    this.#backward = once(() => {
      const automaton = buildAutomaton(reverse(root))
      return new LazyAutomaton(new FollowTable(automaton, follows().partition))
    })
  }

  /** Where the match ends that ends first, or -1 where there is none. */
  endOfMatch(text: string): number {
    // The end comes first: texts of the same length are compared byte by byte.
    return this.#end !== unasked && text === this.#text ? this.#end : this.forward.endOfMatch(text)
  }

  /** Tells which text the next end is about; false where that was told before. */
  expect(text: string): boolean {
    if (text === this.#text) return false
    this.#text = text
    this.#end = unasked
    return true
  }

  /** Notes what `endOfMatch` is to answer about the text that was told. */
  remember(end: number): void {
    this.#end = end
  }

  forget(): void {
    this.#text = undefined
    this.#end = unasked
  }

  /** Finds where a match ends. */
  get forward(): LazyAutomaton {
    return this.#forward()
  }

  /** Finds, on a text read from its end, where a match begins. */
  get backward(): LazyAutomaton {
    return this.#backward()
  }

  /** Whether `ordered` finds the end that V8 would: repetitions of what may be empty have an order of their own. */
  get isOrderly(): boolean {
    return (this.#isOrderly ??= !someNode(this.#root, isRepeatOfEmpty))
  }

  /** Finds where the match ends that backtracking would find. */
  get ordered(): LazyAutomaton {
    return this.#ordered()
  }

  /** Whether the automata's "yes" is as sure as their "no". */
  get isExact(): boolean {
    return (this.#isExact ??= !someNode(this.#root, isBeyondAutomata))
  }
}

function isBeyondAutomata({ kind }: RegexNode): boolean {
  return kind === 'look' || kind === 'atomic' || kind === 'backreference'
}

/** In JavaScript a repetition may not match nothing: that tells only where its body would rather match nothing than something. */
function isRepeatOfEmpty(node: RegexNode): boolean {
  return node.kind === 'repeat' && minimumLength(node.body) === 0 && someNode(node.body, mayPreferEmpty)
}

function mayPreferEmpty(node: RegexNode): boolean {
  if (node.kind === 'repeat') return node.lazy
  return node.kind === 'choice' && node.branches.some((branch) => minimumLength(branch) === 0)
}
