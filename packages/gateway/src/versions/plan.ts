import { toPauses } from './brownouts.ts'
import type { Announcement } from './plan-fields.ts'
import type { PlanSettings } from './settings.ts'
import { Timeline, type StageStart } from './timeline.ts'

/** A consumer that may go on for a while. */
interface PlanException {
  readonly consumer: string
  readonly reason: string
  readonly owner: string
  /** When it has ended, milliseconds since the Unix epoch. */
  readonly endsAt: number
}

/** How a version ends, with nothing left to work out. */
export interface CompiledPlan {
  readonly reason: string
  readonly insecure: boolean
  readonly finding: string | undefined
  readonly successor: string | undefined
  readonly timeline: Timeline
  readonly announcement: Announcement
  /** By consumer. */
  readonly exceptions: ReadonlyMap<string, PlanException>
  /** When the last of them has ended; no exception holds from then on. */
  readonly exceptionsUntil: number
}

/**
 * Compiles a plan whose settings were checked.
 * @param successorPath where its successor is served, where paths name versions
 */
export function compilePlan(settings: PlanSettings, successorPath: string | undefined): CompiledPlan {
  const { reason, insecure, finding, successor, links } = settings
  const exceptions = settings.exceptions.map(toException)
  const starts = stageStarts(settings)
  const retired = starts.find(({ stage }) => stage === 'retired')?.at ?? Number.POSITIVE_INFINITY
  const pauses = toPauses(settings.stages.brownouts).filter(({ from }) => from < retired)
  const target = links.successor ?? (successor === undefined ? undefined : successorPath)
  return {
    reason,
    insecure,
    finding,
    successor,
    timeline: new Timeline(starts, pauses),
    announcement: {
      deprecated: starts[0]?.at,
      sunset: retired === Number.POSITIVE_INFINITY ? undefined : retired,
      links: [
        ...named('deprecation', links.deprecation),
        ...named('sunset', links.sunset),
        ...named('successor-version', target),
      ],
    },
    exceptions: new Map(exceptions.map((each) => [each.consumer, each])),
    exceptionsUntil: Math.max(0, ...exceptions.map(({ endsAt }) => endsAt)),
  }
}

/** When each stage begins in truth: what is forced goes before what was announced, and takes the stages before it along. */
export function stageStarts({ stages, forced }: PlanSettings): readonly StageStart[] {
  const { deprecated, brownouts, readOnly, retired } = stages
  const written = [
    { stage: 'deprecated', at: deprecated },
    { stage: 'brownouts', at: earliest(brownouts.map(({ from }) => from)) },
    { stage: 'read-only', at: earliest([readOnly, forced?.readOnly]) },
    { stage: 'retired', at: earliest([retired, forced?.retired]) },
  ] as const
  let bound = Number.POSITIVE_INFINITY
  return written
    .toReversed()
    .flatMap(({ stage, at }): StageStart[] => {
      if (at === undefined) return []
      // A stage that would begin with or after a later one has no time of its own, but for the first, which dates count from.
      if (at >= bound && stage !== 'deprecated') return []
      bound = Math.min(at, bound)
      return [{ stage, at: bound }]
    })
    .toReversed()
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

function named(relation: string, target: string | undefined): Announcement['links'] {
  return target === undefined ? [] : [[relation, target]]
}

function toException({ expires, ...rest }: PlanSettings['exceptions'][number]): PlanException {
  return { ...rest, endsAt: endOfDay(expires) }
}

/** When a day of the calendar is over in UTC, milliseconds since the Unix epoch. */
export function endOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + 86_400_000
}
