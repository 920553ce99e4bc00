import type { VersionStatus } from './describe-versions.ts'

/** Why a version needs somebody to do something; `undefined`: it does not. */
export function concernOf(status: VersionStatus, now: number, within: number): string | undefined {
  const { plan, stage, next, pause, isPaused, callers } = status
  if (plan === undefined || stage === 'retired') return undefined
  if (plan.insecure && !plan.timeline.starts.some((start) => start.stage === 'retired'))
    return `it is not secure (${plan.finding}), and no day is set on which it ends`
  if (callers.active === 0) return undefined
  const still = `${callers.active} of ${callers.consumers} consumers still call`
  if (isPaused) return `it is paused, and ${still}`
  if (stage === 'read-only') return `it is read-only, and ${still}`
  const soon = [next?.stage === 'deprecated' ? undefined : next?.at, pause?.from]
    .filter((at) => at !== undefined)
    .filter((at) => at <= now + within)
  return soon.length === 0 ? undefined : `it begins to refuse soon, and ${still}`
}
