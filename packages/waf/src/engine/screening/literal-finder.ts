import type { ByteString } from '../../language/bytes.ts'
import { PhraseAutomaton } from '../../operators/phrase-automaton.ts'

/** A set of texts of which a value must hold one, by its number. */
export type LiteralSet = number

/**
 * Bytes of a text that are looked for: what begins like it is rarely anything else, and an automaton of beginnings stays small
 * enough for the processor's caches.
 */
const mostBytes = 5

/** Every value of every request goes through this one automaton: two MiB let all of its steps be a single look. */
const denseEntries = 1 << 20

/**
 * Looks for the literals of all rules in one pass over a value. Texts are found in any letter case, which lets more through and
 * never less. One value at a time: the answers of `has` are about the value that `find` was last asked about.
 */
export class LiteralFinder {
  readonly #automaton: PhraseAutomaton
  /** By the number of a phrase: the sets that it is in. */
  readonly #setsOf: readonly (readonly LiteralSet[])[]
  readonly #found: Uint32Array
  readonly #note: (phrase: number) => void
  #generation = 0
  /** Whether the value has no literal of any set. */
  foundNone = true

  constructor(sets: readonly (readonly string[])[]) {
    const numbers = new Map<string, LiteralSet[]>()
    sets.forEach((literals, set) => {
      for (const literal of literals) {
        const lower = lowerCase(literal).slice(0, mostBytes)
        const known = numbers.get(lower)
        if (known === undefined) numbers.set(lower, [set])
        else known.push(set)
      }
    })
    this.#automaton = new PhraseAutomaton([...numbers.keys()] as ByteString[], denseEntries)
    this.#setsOf = this.#automaton.phrases.map((phrase) => numbers.get(phrase) ?? [])
    this.#found = new Uint32Array(sets.length)
    this.#note = (phrase) => {
      for (const set of this.#setsOf[phrase] ?? []) this.#found[set] = this.#generation
      this.foundNone = false
    }
  }

  /** Looks through a value. */
  find(value: ByteString): void {
    // Not before 2^32 values does a number come again.
    this.#generation = (this.#generation + 1) >>> 0
    this.foundNone = true
    this.#automaton.forEach(value, this.#note)
  }

  /** Whether a literal of the set was in the value. */
  has(set: LiteralSet): boolean {
    return this.#found[set] === this.#generation
  }
}

/** As the automaton folds case: A to Z alone. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
