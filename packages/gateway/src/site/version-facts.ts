import type { VersionCaller, VersionStatus } from './describe-versions.ts'

/**
 * A version as programs read of it: moments as RFC 3339 in UTC.
 * @param now milliseconds since the Unix epoch
 */
export function versionFacts(status: VersionStatus, now: number) {
  const { plan, since, next, pause, callers, ...rest } = status
  return {
    ...rest,
    since: since === undefined ? undefined : moment(since),
    next: next && { stage: next.stage, at: moment(next.at) },
    pause: pause && { from: moment(pause.from), to: moment(pause.to) },
    plan: plan && {
      reason: plan.reason,
      insecure: plan.insecure,
      finding: plan.finding,
      successor: plan.successor,
      links: plan.announcement.links.map(([relation, target]) => ({ relation, target })),
      stages: plan.timeline.starts.map(({ stage, at }) => ({ stage, at: moment(at), begun: at <= now })),
      pauses: plan.timeline.pauses.length,
      exceptions: [...plan.exceptions.values()].map(({ consumer, reason, owner, endsAt }) => ({
        consumer,
        reason,
        owner,
        endsAt: moment(endsAt),
        ended: endsAt <= now,
      })),
    },
    callers: { ...callers, lastSeen: callers.lastSeen === undefined ? undefined : moment(callers.lastSeen) },
  }
}

/** A consumer of a version as programs read of it. */
export function callerFacts(caller: VersionCaller) {
  const { consumer, requests, refused, active, firstSeen, lastSeen, successorSeen, exceptionEnds } = caller
  return {
    consumer,
    requests,
    refused,
    active,
    firstSeen: moment(firstSeen),
    lastSeen: moment(lastSeen),
    successorSeen: successorSeen === undefined ? undefined : moment(successorSeen),
    exceptionEnds: exceptionEnds === undefined ? undefined : moment(exceptionEnds),
  }
}

function moment(instant: number): string {
  return new Date(instant).toISOString()
}
