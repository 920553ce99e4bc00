const unitBytes = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const
type Unit = keyof typeof unitBytes
const unitsLargestFirst: readonly Unit[] = ['GB', 'MB', 'KB', 'B']

/** Reads a size such as `512B`, `16KB`, `1MB` or `2GB` (powers of 1024) as bytes; `undefined` for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,12})(B|KB|MB|GB)$/.exec(text)
  return match === null ? undefined : Number(match[1]) * unitBytes[match[2] as Unit]
}

/** Writes bytes with the largest unit that divides them: 16384 is `16KB`. */
export function formatSize(bytes: number): string {
  const unit = unitsLargestFirst.find((candidate) => bytes % unitBytes[candidate] === 0) ?? 'B'
  return `${bytes / unitBytes[unit]}${unit}`
}
