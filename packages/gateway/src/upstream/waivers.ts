import type { Clock, Diagnostic } from '@gateward/kernel'
import type { UpstreamSettings } from './settings.ts'

/** A certificate that is not checked, and who answers for it. */
export interface Waiver {
  readonly upstream: string
  readonly reason: string
  readonly owner: string
  /** The last day on which it holds (UTC), `2027-01-31`. */
  readonly expires: string
  /** Whole days left, today not counted; 0 on the last one. */
  readonly daysLeft: number
}

/** The waivers that hold now, those that end first first. */
export function listWaivers(
  upstreams: Readonly<Record<string, UpstreamSettings>>,
  clock: Clock,
): readonly Waiver[] {
  return Object.entries(upstreams)
    .flatMap(([upstream, { tls }]): Waiver[] => {
      if (tls.verify || tls.waiver === undefined) return []
      const daysLeft = countDaysLeft(tls.waiver.expires, clock)
      return daysLeft < 0 ? [] : [{ upstream, ...tls.waiver, daysLeft }]
    })
    .sort((one, other) => one.daysLeft - other.daysLeft)
}

/** Mistakes about verification: turned off without a waiver, or with one that has ended or is not needed. */
export function checkWaiver(name: string, settings: UpstreamSettings, clock: Clock): readonly Diagnostic[] {
  const { verify, waiver } = settings.tls
  if (verify) {
    if (waiver === undefined) return []
    return [
      {
        code: 'waiver-unused',
        severity: 'error',
        message: `upstream "${name}" has a waiver and verifies its certificate`,
        fix: 'remove the waiver',
      },
    ]
  }
  if (waiver === undefined) {
    return [
      {
        code: 'tls-unverified',
        severity: 'error',
        message: `upstream "${name}" turns TLS verification off`,
        fix: 'name its certificate authority in tls.ca, or add waiver: { reason, owner, expires }',
      },
    ]
  }
  if (countDaysLeft(waiver.expires, clock) >= 0) return []
  return [
    {
      code: 'waiver-expired',
      severity: 'error',
      message: `upstream "${name}" does not verify TLS, and the waiver of ${waiver.owner} ended on ${waiver.expires}`,
      fix: 'name its certificate authority in tls.ca',
    },
  ]
}

function countDaysLeft(expires: string, clock: Clock): number {
  const today = Math.floor(clock.now() / dayMilliseconds)
  return Math.floor(Date.parse(`${expires}T00:00:00Z`) / dayMilliseconds) - today
}

const dayMilliseconds = 86_400_000
