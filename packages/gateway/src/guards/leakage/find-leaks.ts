import { AnchorSearch } from './anchor-search.ts'
import { leakSigns, type LeakKind, type LeakSign } from './leak-signs.ts'

/** Something of a service's inside that an answer shows. */
export interface Leak {
  readonly kind: LeakKind
  /** Where in the text it begins, in bytes. */
  readonly at: number
}

/** Looks through a text for the kinds that it was compiled for; the first sign of each kind found. */
export type LeakFinder = (bytes: Buffer) => readonly Leak[]

/**
 * Compiles the search for some kinds of leaks in the first `most` bytes. One pass tells which signs' anchors stand
 * in the text, in nearly all answers none; only those signs' patterns are tried.
 */
export function compileLeakFinder(kinds: ReadonlySet<LeakKind>, most: number): LeakFinder | undefined {
  const signs = leakSigns.filter((sign) => kinds.has(sign.kind))
  if (signs.length === 0) return undefined
  const anchors = new AnchorSearch(signs.flatMap((sign) => sign.anchors.map((text) => [text, sign] as const)))
  return (bytes) => {
    const end = Math.min(bytes.length, most)
    const candidates = anchors.find(bytes, end)
    // Latin-1 keeps one character a byte: it is made without decoding, and no sign needs more.
    return candidates.size === 0 ? none : matchSigns(bytes.toString('latin1', 0, end), candidates)
  }
}

const none: readonly Leak[] = []

function matchSigns(text: string, candidates: ReadonlySet<LeakSign>): readonly Leak[] {
  const leaks = new Map<LeakKind, Leak>()
  for (const { kind, pattern } of candidates) {
    if (leaks.has(kind)) continue
    const at = text.search(pattern)
    if (at !== -1) leaks.set(kind, { kind, at })
  }
  return [...leaks.values()]
}
