import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { formatDay, formatMoment } from '../../parts/format.ts'

type Version = AdminAnswer<'listVersions'>['versions'][number]

/** How far a version is on its way out: a mark as well as a colour. */
export function Stage({
  stage,
  since,
  isPaused,
  pause,
}: Pick<Version, 'stage' | 'since' | 'isPaused' | 'pause'>) {
  if (isPaused && pause !== undefined)
    return (
      <span className="badge danger">
        <span aria-hidden="true">‖</span> paused until {formatMoment(pause.to)}
      </span>
    )
  const { mark, tone } = looks[stage]
  return (
    <span className={`badge ${tone}`}>
      <span aria-hidden="true">{mark}</span> {stage}
      {since !== undefined && ` since ${formatDay(since)}`}
    </span>
  )
}

const looks = {
  current: { mark: '✓', tone: 'accent' },
  announced: { mark: '○', tone: '' },
  deprecated: { mark: '◔', tone: 'amber' },
  brownouts: { mark: '◑', tone: 'amber' },
  'read-only': { mark: '◕', tone: 'amber' },
  retired: { mark: '●', tone: '' },
} as const
