/**
 * About how many different texts were added: exactly up to 48 of them, then within some 5 % (HyperLogLog of Flajolet,
 * Fusy, Gandouet and Meunier, 2007, with 512 registers of one byte). Never more than some hundred bytes.
 */
export class DistinctCount {
  #few: Set<number> | undefined = new Set()
  #registers: Uint8Array | undefined

  add(text: string): void {
    this.addHash(hash(text))
  }

  /** @param code an unsigned 32-bit number with all bits well mixed */
  addHash(code: number): void {
    if (this.#few !== undefined) {
      this.#few.add(code)
      if (this.#few.size > mostExact) this.#spread()
    } else this.#note(code)
  }

  merge(other: DistinctCount): void {
    if (other.#few !== undefined) for (const code of other.#few) this.addHash(code)
    else {
      this.#spread()
      const [mine, theirs] = [this.#registers, other.#registers]
      if (mine === undefined || theirs === undefined) return
      for (let index = 0; index < registerCount; index++)
        if ((theirs[index] ?? 0) > (mine[index] ?? 0)) mine[index] = theirs[index] ?? 0
    }
  }

  get count(): number {
    if (this.#few !== undefined) return this.#few.size
    let sum = 0
    let zeros = 0
    for (const rank of this.#registers ?? []) {
      sum += 2 ** -rank
      if (rank === 0) zeros++
    }
    const estimate = (alpha * registerCount * registerCount) / sum
    // Linear counting, where many registers are still empty.
    return Math.round(
      estimate <= 2.5 * registerCount && zeros > 0
        ? registerCount * Math.log(registerCount / zeros)
        : estimate,
    )
  }

  #spread(): void {
    const few = this.#few
    if (few === undefined) return
    this.#few = undefined
    this.#registers = new Uint8Array(registerCount)
    for (const code of few) this.#note(code)
  }

  #note(code: number): void {
    const registers = this.#registers
    if (registers === undefined) return
    const index = code >>> (32 - registerBits)
    const rank = Math.min(Math.clz32((code << registerBits) | 1) + 1, 32)
    if (rank > (registers[index] ?? 0)) registers[index] = rank
  }
}

const mostExact = 48
const registerBits = 9
const registerCount = 2 ** registerBits
const alpha = 0.7213 / (1 + 1.079 / registerCount)

/** FNV-1a with the finalizer of MurmurHash3, so that texts that differ in one digit differ in all bits. */
export function hash(text: string, seed = 0x811c9dc5): number {
  let code = seed
  for (let index = 0; index < text.length; index++) {
    code ^= text.charCodeAt(index)
    code = Math.imul(code, 0x01000193)
  }
  code ^= code >>> 16
  code = Math.imul(code, 0x85ebca6b)
  code ^= code >>> 13
  code = Math.imul(code, 0xc2b2ae35)
  return (code ^ (code >>> 16)) >>> 0
}
