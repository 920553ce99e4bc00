import { buildAutomaton } from './build-automaton.ts'
import { LazyAutomaton } from './lazy-automaton.ts'
import { once } from './once.ts'
import { reverse } from './reverse.ts'
import type { RegexNode } from './syntax-tree.ts'
import { someNode } from './syntax-tree.ts'

/** The automata of one expression, each made when first asked for. */
export class Automata {
  readonly #root: RegexNode
  readonly #forward: () => LazyAutomaton
  readonly #backward: () => LazyAutomaton
  #isExact: boolean | undefined

  /** @param root a tree whose counts are unrolled */
  constructor(root: RegexNode) {
    this.#root = root
    this.#forward = once(() => new LazyAutomaton(buildAutomaton(root)))
    this.#backward = once(() => new LazyAutomaton(buildAutomaton(reverse(root))))
  }

  /** Finds where a match ends. */
  get forward(): LazyAutomaton {
    return this.#forward()
  }

  /** Finds, on a text read from its end, where a match begins. */
  get backward(): LazyAutomaton {
    return this.#backward()
  }

  /** Whether the automata's "yes" is as sure as their "no". */
  get isExact(): boolean {
    return (this.#isExact ??= !someNode(this.#root, isBeyondAutomata))
  }
}

function isBeyondAutomata({ kind }: RegexNode): boolean {
  return kind === 'look' || kind === 'atomic' || kind === 'backreference'
}
