/** A set of code points as sorted, disjoint ranges, both ends inclusive. */
export type CodePointSet = readonly (readonly [from: number, to: number])[]

const lastCodePoint = 0x10ffff

/** Every code point. */
export const anyCodePoint: CodePointSet = [[0, lastCodePoint]]

/** `\d` of ECMAScript: the ten ASCII digits. */
export const digits: CodePointSet = [[0x30, 0x39]]

/** `\w` of ECMAScript without the `i` flag: ASCII letters, digits and the underscore. */
export const wordCharacters: CodePointSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]

/** `\s` of ECMAScript: white space and line terminators (ECMA-262, section 22.2.2.9). */
export const whiteSpace: CodePointSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]

/** What `.` does not match without the `s` flag. */
export const lineTerminators: CodePointSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]

/** The union of sets, sorted and merged. */
export function unite(...sets: readonly CodePointSet[]): CodePointSet {
  const sorted = sets.flat().sort((left, right) => left[0] - right[0])
  const merged: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** Every code point that is not in a set. */
export function complement(set: CodePointSet): CodePointSet {
  const rest: [number, number][] = []
  let next = 0
  for (const [from, to] of set) {
    if (from > next) rest.push([next, from - 1])
    next = to + 1
  }
  if (next <= lastCodePoint) rest.push([next, lastCodePoint])
  return rest
}

/** Whether two sets share a code point. */
export function intersects(left: CodePointSet, right: CodePointSet): boolean {
  let at = 0
  for (const [from, to] of left) {
    while ((right[at]?.[1] ?? Infinity) < from) at++
    const other = right[at]
    if (other === undefined) return false
    if (other[0] <= to) return true
  }
  return false
}

const properties = new Map<string, CodePointSet>()
let everyCharacter: string | undefined

/**
 * What a Unicode property escape such as `\p{L}` matches, asked of the engine itself so that both always know the
 * same version of Unicode. Lone surrogates are left out.
 */
export function propertySet(escape: string): CodePointSet {
  const known = properties.get(escape)
  if (known !== undefined) return known
  everyCharacter ??= writeEveryCharacter()
  const found: [number, number][] = []
  for (const match of everyCharacter.matchAll(new RegExp(`${escape}+`, 'gu'))) {
    const [run] = match
    const from = run.codePointAt(0) ?? 0
    const to = run.codePointAt(run.length - (isLowSurrogate(run.charCodeAt(run.length - 1)) ? 2 : 1)) ?? from
    found.push([from, to])
  }
  const set = unite(found.flatMap(([from, to]) => splitAtSurrogates(from, to)))
  if (properties.size < 256) properties.set(escape, set)
  return set
}

function writeEveryCharacter(): string {
  const units = new DataView(new ArrayBuffer(2 * (0xf800 + 2 * 0x10_0000)))
  let at = 0
  const write = (unit: number): void => {
    units.setUint16(at, unit, true)
    at += 2
  }
  for (let unit = 0; unit <= 0xffff; unit++) if (unit < 0xd800 || unit > 0xdfff) write(unit)
  for (let high = 0xd800; high <= 0xdbff; high++)
    for (let low = 0xdc00; low <= 0xdfff; low++) {
      write(high)
      write(low)
    }
  return Buffer.from(units.buffer).toString('utf16le')
}

// The written text leaps over the surrogates, so that one run may span them.
function splitAtSurrogates(from: number, to: number): [number, number][] {
  if (from >= 0xd800 || to <= 0xdfff) return [[from, to]]
  return [
    [from, 0xd7ff],
    [0xe000, to],
  ]
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
