/** What has a table that grew large, and can do with a small one. */
export interface LargeTable {
  /** Gives the large table back. */
  shrink(): void
}

/** Tables of half a MiB, each with up to 1 MiB of what its states are made of, that there may be at a time, in the whole process. */
const mostLarge = 48

const holders: WeakRef<LargeTable>[] = []

/**
 * Lets one more table grow large. Where too many are, the one that grew first is given back, so that a stranger who makes every
 * expression's table grow gets no more memory than this.
 */
export function admitLargeTable(holder: LargeTable): void {
  holders.push(new WeakRef(holder))
  if (!areHeld) giveBack()
}

/** Lets nobody's large table be given back until they are released. */
export function holdLargeTables(): void {
  areHeld = true
}

export function releaseLargeTables(): void {
  areHeld = false
  giveBack()
}

let areHeld = false

function giveBack(): void {
  while (holders.length > mostLarge) holders.shift()?.deref()?.shrink()
}
