import type { Dimension, Measure } from './measure.ts'
import type { Usual } from './seasonal-baseline.ts'
import type { Subject } from './subject.ts'

/** A finding before it is reported. */
export interface Excess {
  readonly subject: Subject
  readonly measure: Measure
  readonly window: 'short' | 'long'
  readonly value: number
  readonly usual: Usual
  /** Whether the baseline is the subject's own, or that of its peers, or of nobody. */
  readonly basis: 'own' | 'peers' | 'none'
}

/**
 * One thing that happens shows in many places: in the caller, its key, its network, its country, the operation and the
 * API. The narrowest is told, and a wider one only where the narrower ones do not make up most of it.
 */
export function narrowestOf(found: readonly Excess[]): readonly Excess[] {
  const told: Excess[] = []
  const ordered = found.toSorted((left, right) => rank(left) - rank(right))
  for (const excess of ordered) if (!isExplained(excess, told)) told.push(excess)
  return told
}

/** The narrowest first, and of one subject what says most first. */
function rank({ subject, measure }: Excess): number {
  const isCoarse = measure === 'requests' || measure === 'bytes'
  return narrowestFirst.indexOf(subject.dimension) + (isCoarse ? 0.5 : 0)
}

function isExplained({ subject, measure, value, usual }: Excess, told: readonly Excess[]): boolean {
  const related = told.filter(
    (other) =>
      other.subject.api === subject.api &&
      (other.subject === subject || other.subject.dimension !== subject.dimension) &&
      (other.measure === measure || measure === 'requests' || measure === 'bytes'),
  )
  if (related.some((other) => other.subject === subject || other.measure !== measure)) return true
  const explained = related.reduce((sum, other) => sum + other.value, 0)
  return related.length > 0 && explained >= (value - usual.expected) / 2
}

const narrowestFirst: readonly Dimension[] = ['consumer', 'key', 'address', 'country', 'operation', 'api']
