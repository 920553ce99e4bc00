/**
 * Header fields in wire order, names in lower case (RFC 9110 section 5.1), kept flat as `[name, value, name, value, …]`:
 * the form in which both Node and the upstream's client take them, so that a request copies no objects.
 */
export class HeaderList {
  readonly flat: string[]

  /** @param flat alternating lower-case names and values; the list takes the array over */
  constructor(flat: string[] = []) {
    this.flat = flat
  }

  /** From Node's `rawHeaders`; HTTP/2 pseudo-header fields are left out. */
  static fromRaw(rawHeaders: readonly string[]): HeaderList {
    const flat: string[] = []
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string
      if (name.charCodeAt(0) === 0x3a) continue
      flat.push(toLowerCaseName(name), rawHeaders[index + 1] as string)
    }
    return new HeaderList(flat)
  }

  /** The first value of a field, or `undefined`. */
  get(name: string): string | undefined {
    const { flat } = this
    for (let index = 0; index < flat.length; index += 2) {
      if (flat[index] === name) return flat[index + 1]
    }
    return undefined
  }

  /** All values of a field joined by `, ` (RFC 9110 section 5.3; `cookie` by `; `), or `undefined`. */
  getJoined(name: string): string | undefined {
    const { flat } = this
    let joined: string | undefined
    for (let index = 0; index < flat.length; index += 2) {
      if (flat[index] !== name) continue
      joined =
        joined === undefined ? flat[index + 1] : joined + (name === 'cookie' ? '; ' : ', ') + flat[index + 1]
    }
    return joined
  }

  /** How many lines carry this name. */
  count(name: string): number {
    const { flat } = this
    let count = 0
    for (let index = 0; index < flat.length; index += 2) if (flat[index] === name) count++
    return count
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** Adds a line without looking at those that are there. */
  append(name: string, value: string): void {
    this.flat.push(name, value)
  }

  /** Leaves exactly one line with this name. */
  set(name: string, value: string): void {
    const { flat } = this
    for (let index = 0; index < flat.length; index += 2) {
      if (flat[index] !== name) continue
      flat[index + 1] = value
      this.#removeFrom(index + 2, name)
      return
    }
    flat.push(name, value)
  }

  delete(name: string): void {
    this.#removeFrom(0, name)
  }

  /** Keeps the lines whose name is not in `names`; one pass. */
  deleteAll(names: ReadonlySet<string>): void {
    const { flat } = this
    let write = 0
    for (let read = 0; read < flat.length; read += 2) {
      if (names.has(flat[read] as string)) continue
      flat[write] = flat[read] as string
      flat[write + 1] = flat[read + 1] as string
      write += 2
    }
    flat.length = write
  }

  /** The number of header lines. */
  get size(): number {
    return this.flat.length / 2
  }

  copy(): HeaderList {
    return new HeaderList(this.flat.slice())
  }

  #removeFrom(start: number, name: string): void {
    const { flat } = this
    let write = start
    for (let read = start; read < flat.length; read += 2) {
      if (flat[read] === name) continue
      flat[write] = flat[read] as string
      flat[write + 1] = flat[read + 1] as string
      write += 2
    }
    flat.length = write
  }
}

// Clients spell a few dozen names in a few ways; the bound keeps a client that invents names from filling memory.
const knownSpellings = new Map<string, string>()
const maximumSpellings = 1_000

function toLowerCaseName(name: string): string {
  const known = knownSpellings.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  if (knownSpellings.size < maximumSpellings) knownSpellings.set(name, lower)
  return lower
}
