/**
 * Where every value of a text begins, in the order of the text: three flat lists instead of an object a value, so
 * that a document of 13 MB costs a few MB more. A node's children lie between it and its end.
 */
export class PositionIndex {
  readonly #keys: string[] = []
  readonly #offsets: number[] = []
  readonly #ends: number[] = []

  /** Begins a value: `key` is its name in its parent, `offset` where the key (or the value, in a list) begins. */
  open(key: string, offset: number): number {
    this.#keys.push(key)
    this.#offsets.push(offset)
    return this.#ends.push(0) - 1
  }

  /** Ends the value that `open` numbered, after all its children. */
  close(node: number): void {
    this.#ends[node] = this.#keys.length
  }

  /** The offset of the value that the tokens lead to, or of its nearest ancestor that the text knows. */
  find(tokens: readonly string[]): number {
    let node = 0
    for (const token of tokens) {
      const child = this.#child(node, token)
      if (child === undefined) break
      node = child
    }
    return this.#offsets[node] ?? 0
  }

  #child(parent: number, key: string): number | undefined {
    const end = this.#ends[parent] ?? 0
    for (let node = parent + 1; node < end; node = this.#ends[node] ?? end) {
      if (this.#keys[node] === key) return node
    }
    return undefined
  }
}
