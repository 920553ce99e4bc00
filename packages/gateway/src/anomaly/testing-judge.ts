import type { AnomalyEvent } from '../observe/events/event.ts'
import { AnomalyDetector } from './anomaly-detector.ts'
import { Expectations } from './expectations.ts'
import { anomalySettings } from './settings.ts'
import { apis, day, SyntheticTraffic, type Attack } from './testing-traffic.ts'

/** How a detector did. */
export interface Judgement {
  readonly attacks: number
  readonly found: number
  readonly missed: readonly string[]
  /** By API: what was told of ordinary days after the first, or belongs to no attack. */
  readonly falseAlarms: ReadonlyMap<string, readonly AnomalyEvent[]>
  readonly daysJudged: number
  /** By API: what was told of the first day, when nothing was known. */
  readonly firstDay: ReadonlyMap<string, readonly AnomalyEvent[]>
  readonly anomalies: readonly AnomalyEvent[]
  readonly events: number
  /** Milliseconds between the start of an attack and its first anomaly, for those found. */
  readonly delays: readonly number[]
}

/** A Monday at midnight. */
const beginning = Date.UTC(2026, 0, 5)
/** What an attack causes may be told so long after its end: the long window ends later. */
const afterwards = 65 * 60_000

/** Lets a detector learn ordinary days, and judges it on the last of them and on an attacked day. */
export function judge(seed: number, { days }: { readonly days: number }): Judgement {
  const traffic = new SyntheticTraffic(seed)
  const anomalies: AnomalyEvent[] = []
  const detector = new AnomalyDetector({
    settings: anomalySettings.parse({}),
    geography: traffic.geography,
    expectations: new Expectations(),
    report: (anomaly) => anomalies.push(anomaly),
  })
  let events = 0
  for (let number = 0; number < days; number++) {
    const batch = traffic.ordinaryDay(beginning + number * day)
    events += batch.length
    detector.receive(batch)
  }
  const { events: attacked, attacks } = traffic.attackedDay(beginning + days * day)
  detector.receive(attacked)
  detector.tick(beginning + (days + 1) * day + 3_600_000)
  const firsts = attacks.map((attack) => anomalies.find((anomaly) => belongsTo(anomaly, attack)))
  const strangers = anomalies.filter((anomaly) => !attacks.some((attack) => belongsTo(anomaly, attack)))
  return {
    attacks: attacks.length,
    found: firsts.filter((first) => first !== undefined).length,
    missed: attacks
      .filter((_, index) => firsts[index] === undefined)
      .map(({ kind, api }) => `${kind} on ${api}`),
    falseAlarms: byApi(strangers.filter(({ time }) => time >= beginning + day)),
    daysJudged: days,
    firstDay: byApi(strangers.filter(({ time }) => time < beginning + day)),
    anomalies,
    events: events + attacked.length,
    delays: firsts.flatMap((first, index) =>
      first === undefined ? [] : [first.time - (attacks[index]?.start ?? 0)],
    ),
  }
}

function belongsTo(anomaly: AnomalyEvent, attack: Attack): boolean {
  const isWide = anomaly.dimension === 'api' || anomaly.dimension === 'operation'
  return (
    anomaly.api === attack.api &&
    anomaly.time >= attack.start &&
    anomaly.time <= attack.end + afterwards &&
    (isWide || attack.subjects.has(anomaly.subject))
  )
}

function byApi(anomalies: readonly AnomalyEvent[]): ReadonlyMap<string, readonly AnomalyEvent[]> {
  return new Map(apis.map((api) => [api, anomalies.filter((anomaly) => anomaly.api === api)]))
}
