/** A segment in which variables stand beside text, compiled for matching. */
export interface MixedSegment {
  /** Text before, between and after the variables. */
  readonly literals: readonly string[]
  /** Characters that are fixed: the more, the earlier it is tried. */
  readonly weight: number
}

/** Compiles the literals of a segment; at least two, those in the middle not empty. */
export function compileMixedSegment(literals: readonly string[]): MixedSegment {
  return { literals, weight: literals.join('').length }
}

/**
 * Matches one raw segment and appends its variables' raw texts to `values`; on false nothing is appended. No variable
 * is empty; where there is a choice each takes as little as it can, the last one the rest. Every literal is looked for
 * once, from where the one before was found, so time is linear and there is nothing to go back to: if the leftmost
 * places do not lead to a match, none do.
 */
export function matchMixedSegment({ literals }: MixedSegment, segment: string, values: string[]): boolean {
  const prefix = literals[0] as string
  const suffix = literals[literals.length - 1] as string
  const end = segment.length - suffix.length
  if (!segment.startsWith(prefix) || !segment.endsWith(suffix) || cutsEscape(segment, end)) return false
  const count = values.length
  let start = prefix.length
  for (let index = 1; index < literals.length - 1; index++) {
    const literal = literals[index] as string
    const found = findLiteral(segment, literal, start + 1)
    if (found === -1 || found >= end) break
    values.push(segment.slice(start, found))
    start = found + literal.length
  }
  if (values.length - count === literals.length - 2 && start < end) {
    values.push(segment.slice(start, end))
    return true
  }
  values.length = count
  return false
}

function findLiteral(segment: string, literal: string, from: number): number {
  let found = segment.indexOf(literal, from)
  while (found !== -1 && cutsEscape(segment, found)) found = segment.indexOf(literal, found + 1)
  return found
}

/** Whether a place is inside a percent-escape: text there is part of an encoded byte, not itself. */
function cutsEscape(segment: string, place: number): boolean {
  return segment.charCodeAt(place - 1) === percent || segment.charCodeAt(place - 2) === percent
}

const percent = 0x25
