/** States numbered by breadth, so that the children of a state stand side by side. */
export interface PhraseTrie {
  /** How many states there are. */
  readonly count: number
  /** The number of each state's first child; the children end where the next state's begin. */
  readonly firstChild: Int32Array
  /** The byte that leads to each state. */
  readonly label: Uint8Array
  /** The state of the longest proper suffix that is a state too. */
  readonly fail: Int32Array
  /** The length of the longest phrase that ends in each state, 0 where none does. */
  readonly matchLength: Uint16Array
  /** The number of the phrase that ends in each state, -1 where only shorter ones or none do. */
  readonly phrase: Int32Array
}

/** Builds the states from sorted phrases: one is a depth and the run of phrases that share their beginning so far. */
export function buildTrie(phrases: readonly string[]): PhraseTrie {
  const size = phrases.reduce((sum, phrase) => sum + phrase.length, 1)
  const low = new Int32Array(size)
  const high = new Int32Array(size)
  const depth = new Uint16Array(size)
  const trie = {
    count: 1,
    firstChild: new Int32Array(size + 1),
    label: new Uint8Array(size),
    fail: new Int32Array(size),
    matchLength: new Uint16Array(size),
    phrase: new Int32Array(size).fill(-1),
  }
  high[0] = phrases.length
  for (let state = 0; state < trie.count; state += 1) {
    trie.firstChild[state] = trie.count
    const at = depth[state] ?? 0
    const end = high[state] ?? 0
    let first = low[state] ?? 0
    if (phrases[first]?.length === at && at > 0) {
      trie.phrase[state] = first
      first += 1
    }
    while (first < end) {
      const byte = phrases[first]?.charCodeAt(at) ?? 0
      let last = first + 1
      while (last < end && phrases[last]?.charCodeAt(at) === byte) last += 1
      const child = trie.count
      trie.count += 1
      low[child] = first
      high[child] = last
      depth[child] = at + 1
      trie.label[child] = byte
      first = last
    }
    trie.firstChild[state + 1] = trie.count
    linkChildren(trie, state, (child) => (phrases[low[child] ?? 0]?.length === at + 1 ? at + 1 : 0))
  }
  return trie
}

/** Gives the children of a state where they fall back to: all states nearer to the root are linked by then. */
function linkChildren(trie: PhraseTrie, state: number, ownLength: (child: number) => number): void {
  for (let child = trie.firstChild[state] ?? 0; child < (trie.firstChild[state + 1] ?? 0); child += 1) {
    const byte = trie.label[child] ?? 0
    let fallback = state
    let target = 0
    while (fallback > 0 && target === 0) {
      fallback = trie.fail[fallback] ?? 0
      target = childOf(trie, fallback, byte)
    }
    trie.fail[child] = target
    trie.matchLength[child] = ownLength(child) || (trie.matchLength[target] ?? 0)
  }
}

/** The child that a byte leads to, 0 where none does; children stand in the order of their bytes. */
export function childOf(trie: PhraseTrie, state: number, byte: number): number {
  let low = trie.firstChild[state] ?? 0
  let high = (trie.firstChild[state + 1] ?? 0) - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const label = trie.label[middle] ?? 0
    if (label === byte) return middle
    if (label < byte) low = middle + 1
    else high = middle - 1
  }
  return 0
}
