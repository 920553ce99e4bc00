/**
 * Finds which of many short texts stand in a body, in one pass that looks at about every third byte (Wu and Manber,
 * "A fast algorithm for multi-pattern searching", 1994, with blocks of two bytes). Texts have at least four
 * characters of ASCII; each carries a mark.
 */
export class AnchorSearch<Mark> {
  /** How far the window may move by the hash of its last two bytes; 0: some anchor may begin here. */
  readonly #shifts = new Uint8Array(tableSize).fill(window - 1)
  readonly #candidates: Candidate<Mark>[][] = Array.from({ length: tableSize }, () => [])

  constructor(anchors: Iterable<readonly [text: string, mark: Mark]>) {
    for (const [text, mark] of anchors) this.#add(Buffer.from(text, 'latin1'), mark)
  }

  /** The marks of the anchors that stand in the first `end` bytes. */
  find(bytes: Buffer, end: number): ReadonlySet<Mark> {
    let found: Set<Mark> | undefined
    const shifts = this.#shifts
    for (let last = window - 1; last < end;) {
      const hash = hashOf(bytes[last - 1] as number, bytes[last] as number)
      const shift = shifts[hash] as number
      if (shift > 0) {
        last += shift
        continue
      }
      for (const { text, mark } of this.#candidates[hash] as Candidate<Mark>[]) {
        if (standsAt(text, bytes, last - window + 1, end)) (found ??= new Set()).add(mark)
      }
      last++
    }
    return found ?? nothing
  }

  #add(text: Buffer, mark: Mark): void {
    if (text.length < window) throw new RangeError(`an anchor needs ${window} characters: ${text.toString()}`)
    for (let last = 1; last < window; last++) {
      const hash = hashOf(text[last - 1] as number, text[last] as number)
      this.#shifts[hash] = Math.min(this.#shifts[hash] as number, window - 1 - last)
      if (last === window - 1) this.#candidates[hash]?.push({ text, mark })
    }
  }
}

interface Candidate<Mark> {
  readonly text: Buffer
  readonly mark: Mark
}

const window = 4
const tableSize = 4_096
const nothing: ReadonlySet<never> = new Set<never>()

function hashOf(first: number, second: number): number {
  return ((first << 5) ^ second) & (tableSize - 1)
}

function standsAt(text: Buffer, bytes: Buffer, at: number, end: number): boolean {
  if (at + text.length > end) return false
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}
