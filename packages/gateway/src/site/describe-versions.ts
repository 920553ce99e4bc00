import type { VersionCalls, VersionStore } from '../store/version-store.ts'
import type { Pause } from '../versions/brownouts.ts'
import type { CompiledPlan } from '../versions/plan.ts'
import type { Stage, StageStart } from '../versions/timeline.ts'
import type { SiteApi } from './site.ts'

/** How one version of an API stands. Times are milliseconds since the Unix epoch. */
export interface VersionStatus {
  /** The name under which it is served: `shop@v1`. */
  readonly api: string
  readonly family: string
  readonly version: string
  readonly basePath: string
  readonly title: string | undefined
  readonly operations: number
  /** Operations that the contract calls deprecated. */
  readonly deprecatedOperations: number
  /** `current`: it has no plan. */
  readonly stage: Stage | 'current'
  /** Since when; `undefined` where no stage has begun. */
  readonly since: number | undefined
  /** The pause that goes on now, or the next one. */
  readonly pause: Pause | undefined
  readonly isPaused: boolean
  readonly next: StageStart | undefined
  readonly plan: CompiledPlan | undefined
  readonly callers: CallerCounts
}

/** Who calls a version. */
interface CallerCounts {
  /** Consumers that ever called it, as far back as is remembered. */
  readonly consumers: number
  /** Of them those that called it within the last week. */
  readonly active: number
  /** Of the others those that called the successor since. */
  readonly moved: number
  readonly requests: number
  readonly refused: number
  readonly lastSeen: number | undefined
}

/** One consumer of a version. */
export interface VersionCaller extends VersionCalls {
  /** Whether it called within the last week. */
  readonly active: boolean
  /** When it last called the successor. */
  readonly successorSeen: number | undefined
  /** The day on which its exception ends; `undefined`: it has none that holds. */
  readonly exceptionEnds: number | undefined
}

type Calls = Pick<VersionStore, 'calls'>

/** For how long somebody who called is said to call still. */
const activeFor = 7 * 86_400_000

/** Every version of the APIs, with who still calls it; APIs without versions are not among them. */
export async function describeVersions(
  apis: readonly SiteApi[],
  store: Calls,
  now: number,
): Promise<readonly VersionStatus[]> {
  const statuses: VersionStatus[] = []
  for (const api of apis) if (api.version !== undefined) statuses.push(await describe(api, apis, store, now))
  return statuses
}

/** The consumers of a version, the one that called last first. */
export async function describeCallers(
  api: SiteApi,
  apis: readonly SiteApi[],
  store: Calls,
  now: number,
): Promise<readonly VersionCaller[]> {
  const plan = api.version?.plan
  const calls = await store.calls(api.name)
  const successor = successorOf(api, apis)
  const later = successor === undefined ? [] : await store.calls(successor.name)
  const seen = new Map(later.map(({ consumer, lastSeen }) => [consumer, lastSeen]))
  return calls.map((each) => {
    const exception = plan?.exceptions.get(each.consumer)
    return Object.assign({}, each, {
      active: each.lastSeen > now - activeFor,
      successorSeen: seen.get(each.consumer),
      exceptionEnds: exception !== undefined && exception.endsAt > now ? exception.endsAt : undefined,
    })
  })
}

/** The version that takes the place of another. */
function successorOf(api: SiteApi, apis: readonly SiteApi[]): SiteApi | undefined {
  const name = api.version?.plan?.successor
  if (name === undefined) return undefined
  return apis.find(({ family, version }) => family === api.family && version?.name === name)
}

async function describe(
  api: SiteApi,
  apis: readonly SiteApi[],
  store: Calls,
  now: number,
): Promise<VersionStatus> {
  const { name, family, version, basePath, title, operations, plans } = api
  const plan = version?.plan
  const state = plan?.timeline.at(now)
  const begun = plan?.timeline.starts.findLast(({ at }) => at <= now)
  return {
    api: name,
    family,
    version: version?.name ?? '',
    basePath,
    title,
    operations,
    deprecatedOperations: plans.filter(({ route }) => route.operation?.deprecated === true).length,
    stage: state?.stage ?? 'current',
    since: begun?.at,
    pause: plan?.timeline.pauses.find(({ to }) => to > now),
    isPaused: state?.paused ?? false,
    next: plan?.timeline.next(now),
    plan,
    callers: countCallers(await describeCallers(api, apis, store, now)),
  }
}

function countCallers(callers: readonly VersionCaller[]): CallerCounts {
  const sum = (read: (caller: VersionCaller) => number): number =>
    callers.reduce((total, caller) => total + read(caller), 0)
  return {
    consumers: callers.length,
    active: callers.filter(({ active }) => active).length,
    moved: callers.filter(({ active, lastSeen, successorSeen = 0 }) => !active && successorSeen > lastSeen)
      .length,
    requests: sum(({ requests }) => requests),
    refused: sum(({ refused }) => refused),
    lastSeen: callers[0]?.lastSeen,
  }
}
