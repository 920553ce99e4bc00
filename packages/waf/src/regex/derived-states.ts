import type { Neighbour } from './neighbours.ts'
import type { StateSet } from './state-set.ts'

const unasked = 2
const nobody = new Int32Array(0)

/**
 * Sets of an automaton's states, each under a number, in arrays that grow: a hostile text may lead to thousands of them. In order, sets
 * of the same members are different where these stand in another one.
 */
export class DerivedStates {
  readonly #inOrder: boolean
  /** The members of all sets, one set after the other. */
  #members = new Int32Array(64)
  /** Where the members of each set end. */
  #ends = new Int32Array(16)
  /** In its low bits what stands before, then whether a match may begin at any place, then whether one ends with the text. */
  #facts = new Uint8Array(16)
  /** The set before with the same hash, or -1. */
  #siblings = new Int32Array(16)
  #firsts = new Int32Array(32).fill(-1)
  #size = 0

  constructor(inOrder: boolean) {
    this.#inOrder = inOrder
  }

  get size(): number {
    return this.#size
  }

  /** The members of all sets: those of one stand from `beginOf` up to `endOf`. A new set may make it another array. */
  get members(): Int32Array {
    return this.#members
  }

  /** How many members all sets have. */
  get memberCount(): number {
    return this.endOf(this.#size - 1)
  }

  beginOf(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] ?? 0)
  }

  endOf(number: number): number {
    return this.#ends[number] ?? 0
  }

  beforeOf(number: number): Neighbour {
    return ((this.#facts[number] ?? 0) & 3) as Neighbour
  }

  /** Whether a match may begin here, and at every place after it. */
  isOpen(number: number): boolean {
    return ((this.#facts[number] ?? 0) & 4) !== 0
  }

  /** Whether a match ends where the text ends; undefined until it was noted. */
  matchesAtEnd(number: number): boolean | undefined {
    const noted = (this.#facts[number] ?? 0) >>> 3
    return noted === unasked ? undefined : noted === 1
  }

  noteMatchesAtEnd(number: number, matches: boolean): void {
    this.#facts[number] = ((this.#facts[number] ?? 0) & 7) | (matches ? 8 : 0)
  }

  /** The number of a set, which is added if it is not there. */
  numberOf(set: StateSet, before: Neighbour, isOpen: boolean): number {
    const facts = isOpen ? before | 4 : before
    const hash = hashOf(set.members, set.count, facts)
    for (
      let at = this.#firsts[hash & (this.#firsts.length - 1)] ?? -1;
      at !== -1;
      at = this.#siblings[at] ?? -1
    ) {
      if (((this.#facts[at] ?? 0) & 7) !== facts) continue
      if (this.endOf(at) - this.beginOf(at) === set.count && this.#isSame(at, set)) return at
    }
    return this.#add(set, facts, hash)
  }

  /** Adds a set whether it is there or not, where nothing will look for it. */
  addHidden(before: Neighbour): number {
    return this.#append(nobody, 0, before)
  }

  #isSame(number: number, set: StateSet): boolean {
    const members = this.#members
    const begin = this.beginOf(number)
    for (let index = 0; index < set.count; index++) {
      const member = members[begin + index] ?? 0
      if (this.#inOrder ? member !== set.members[index] : !set.has(member)) return false
    }
    return true
  }

  #add({ members, count }: StateSet, facts: number, hash: number): number {
    if (this.#size >= this.#firsts.length) this.#rehash()
    const number = this.#append(members, count, facts)
    this.#link(number, hash)
    return number
  }

  #append(set: Int32Array, count: number, facts: number): number {
    const number = this.#size++
    const begin = this.beginOf(number)
    if (begin + count > this.#members.length) this.#members = grown(this.#members, begin + count)
    if (number >= this.#ends.length) {
      this.#ends = grown(this.#ends, number + 1)
      this.#siblings = grown(this.#siblings, number + 1)
      const facts = new Uint8Array(this.#ends.length)
      facts.set(this.#facts)
      this.#facts = facts
    }
    for (let index = 0; index < count; index++) this.#members[begin + index] = set[index] ?? 0
    this.#ends[number] = begin + count
    this.#facts[number] = facts | (unasked << 3)
    this.#siblings[number] = -1
    return number
  }

  #link(number: number, hash: number): void {
    const bucket = hash & (this.#firsts.length - 1)
    this.#siblings[number] = this.#firsts[bucket] ?? -1
    this.#firsts[bucket] = number
  }

  #rehash(): void {
    const linked = Array.from(this.#firsts).flatMap((first) => {
      const chain: number[] = []
      for (let at = first; at !== -1; at = this.#siblings[at] ?? -1) chain.push(at)
      return chain
    })
    this.#firsts = new Int32Array(this.#firsts.length * 2).fill(-1)
    for (const number of linked) {
      const members = this.#members.subarray(this.beginOf(number), this.endOf(number))
      this.#link(number, hashOf(members, members.length, (this.#facts[number] ?? 0) & 7))
    }
  }
}

/** A number for a set of states: the same in whichever order they stand. */
function hashOf(set: Int32Array, count: number, facts: number): number {
  let sum = facts
  for (let index = 0; index < count; index++) sum = (sum + Math.imul((set[index] ?? 0) + 1, 0x9e37_79b1)) | 0
  return sum ^ (sum >>> 15)
}

function grown(array: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, array.length * 2))
  larger.set(array)
  return larger
}
