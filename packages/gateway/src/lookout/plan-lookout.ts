import type { EndingEvent, PlanStageEvent } from '../observe/events/event.ts'
import type { VersionStore } from '../store/version-store.ts'
import type { CompiledPlan } from '../versions/plan.ts'
import type { StageStart } from '../versions/timeline.ts'

/** The plan of a version under the name by which it is served. */
export interface ServedPlan {
  readonly api: string
  readonly plan: CompiledPlan
}

/** Finds out which stages of plans have begun. Each is told once, over restarts and by whichever process sees it first. */
export class PlanLookout {
  readonly #store: Pick<VersionStore, 'begin'>
  /** What this process has seen to be told. */
  readonly #told = new Map<string, string>()

  constructor(store: Pick<VersionStore, 'begin'>) {
    this.#store = store
  }

  /** Of a plan that is new and has come far already, the stage that it has reached is told alone. */
  async begun(
    plans: readonly ServedPlan[],
    now: number,
  ): Promise<readonly Omit<PlanStageEvent, 'time' | 'kind'>[]> {
    const found: Omit<PlanStageEvent, 'time' | 'kind'>[] = []
    for (const { api, plan } of plans) {
      const start = plan.timeline.starts.findLast(({ at }) => at <= now)
      if (start === undefined || start.stage === 'announced') continue
      const key = `${start.stage} ${start.at}`
      if (this.#told.get(api) === key) continue
      if (await this.#store.begin(api, start)) found.push(toEvent(api, plan, start.stage, start))
      this.#told.set(api, key)
    }
    this.#forgetOthers(plans)
    return found
  }

  #forgetOthers(plans: readonly ServedPlan[]): void {
    if (this.#told.size <= plans.length) return
    const served = new Set(plans.map(({ api }) => api))
    for (const api of this.#told.keys()) if (!served.has(api)) this.#told.delete(api)
  }
}

/** The exceptions that end before `soon` and have not ended yet. */
export function exceptionsEnding(
  plans: readonly ServedPlan[],
  now: number,
  soon: number,
): readonly Omit<EndingEvent, 'time'>[] {
  return plans.flatMap(({ api, plan }) =>
    [...plan.exceptions.values()]
      .filter(({ endsAt }) => endsAt > now && endsAt < soon)
      .map(({ consumer, owner, reason, endsAt }) => ({
        kind: 'waiver-ending' as const,
        subject: `${api} ${consumer}`,
        detail: `exception of ${owner} for ${consumer} on ${api}: ${reason}`,
        endsAt,
      })),
  )
}

function toEvent(
  api: string,
  { insecure, finding, successor, reason }: CompiledPlan,
  stage: PlanStageEvent['stage'],
  { at }: StageStart,
): Omit<PlanStageEvent, 'time' | 'kind'> {
  return { api, stage, beganAt: at, insecure, finding, successor, reason }
}
