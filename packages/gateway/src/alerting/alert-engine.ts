import { randomUUID } from 'node:crypto'
import type { Clock } from '@gateward/kernel'
import type { AlertEvent, GatewardEvent } from '../observe/events/event.ts'
import type { AlertRecord, AlertSeverity, AlertStore, Silence } from '../store/alert-store.ts'
import { isAtLeast } from './severity.ts'
import { ruleCatalog, type AlertRule, type RuleName } from './rule-catalog.ts'
import type { AlertSettings, RuleSettings } from './settings.ts'
import { SlidingCount } from './sliding-count.ts'

/** What became of an alert, for those who are to be told. */
export interface AlertChange {
  readonly change: AlertEvent['state'] | 'repeated'
  readonly alert: AlertRecord
}

export interface AlertEngineOptions {
  readonly settings: () => AlertSettings
  readonly store: AlertStore
  readonly clock: Clock
  /** Tells people; not called for what is silenced. */
  readonly tell: (change: AlertChange) => void
  /** Publishes the alert as an event of its own. */
  readonly publish: (event: AlertEvent) => void
  readonly onFault: (thrown: unknown) => void
}

/** Subjects of one rule that are counted at a time; an attacker can make names, not memory. */
const mostSubjects = 1_000
const mostDetails = 10

interface Open {
  record: AlertRecord
  /** Whether the store has an older count. */
  isStale: boolean
  toldAt: number
  /** Whether the store is being asked who looks after it. */
  isAsked: boolean
  details: string[]
}

interface Watched {
  readonly name: RuleName
  readonly rule: AlertRule
}

/** Counts events by rule and subject, and opens, repeats, escalates and resolves alerts. */
export class AlertEngine {
  readonly #options: AlertEngineOptions
  readonly #byKind = new Map<GatewardEvent['kind'], readonly Watched[]>()
  readonly #counts = new Map<string, SlidingCount>()
  // By window, then by API: no key is put together for each request.
  readonly #requests = new Map<number, Map<string, SlidingCount>>()
  readonly #open = new Map<string, Open>()
  #countedFor: AlertSettings | undefined
  #windows: readonly number[] = []

  constructor(options: AlertEngineOptions) {
    this.#options = options
    for (const [name, rule] of Object.entries(ruleCatalog) as [RuleName, AlertRule][])
      for (const kind of rule.kinds)
        this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), { name, rule }])
  }

  /** Goes on with the alerts that were firing when the gateway stopped. */
  async resume(): Promise<void> {
    const firing = await this.#options.store.list({ limit: mostSubjects, state: 'firing' })
    for (const record of firing)
      this.#open.set(`${record.rule} ${record.subject}`, {
        record,
        isStale: false,
        toldAt: this.#options.clock.now(),
        isAsked: false,
        details: [...record.details],
      })
  }

  receive(events: readonly GatewardEvent[]): void {
    for (const event of events) {
      if (event.kind === 'request') this.#countRequest(event.api, event.time)
      for (const watched of this.#byKind.get(event.kind) ?? []) this.#look(watched, event)
    }
  }

  #countRequest(api: string, time: number): void {
    for (const window of this.#shareWindows())
      this.#countOf(this.#requestsWithin(window), api, window).add(time)
  }

  #requestsWithin(window: number): Map<string, SlidingCount> {
    let counts = this.#requests.get(window)
    if (counts === undefined) this.#requests.set(window, (counts = new Map()))
    return counts
  }

  // The windows of the rules that ask for a part of all requests: one as shipped.
  #shareWindows(): readonly number[] {
    const settings = this.#options.settings()
    if (settings !== this.#countedFor) {
      const rules = Object.values(settings.rules).filter(({ share }) => share > 0)
      this.#windows = [...new Set(rules.map(({ window }) => window))]
      this.#countedFor = settings
    }
    return this.#windows
  }

  /** Resolves what has been quiet, escalates and repeats what goes on; call it every second. */
  tick(): void {
    const now = this.#options.clock.now()
    const settings = this.#options.settings()
    for (const [key, open] of this.#open) {
      const { record } = open
      const { window } = this.#ruleSettings(record.rule as RuleName) ?? { window: 0 }
      if (now - record.lastAt > window) {
        this.#open.delete(key)
        this.#change(open, 'resolved', { state: 'resolved', resolvedAt: now })
        continue
      }
      const isEscalated = isDueForEscalation(record, settings, now)
      if (record.acknowledgement === undefined && (isEscalated || now - open.toldAt >= settings.repeat))
        this.#remind(open, isEscalated, now)
      else if (open.isStale) this.#save(open)
    }
  }

  /** Tells people again, unless somebody looks after it: that may have been written down by another process. */
  #remind(open: Open, isEscalated: boolean, now: number): void {
    if (open.isAsked) return
    open.isAsked = true
    Promise.try(() => this.#options.store.find(open.record.id))
      .then((stored) => {
        const acknowledgement = stored?.acknowledgement
        open.record = { ...open.record, acknowledgement }
        if (acknowledgement !== undefined || open.record.state === 'resolved') return
        if (isEscalated) this.#change(open, 'escalated', { escalatedAt: now })
        else this.#change(open, 'repeated', {})
      })
      .catch((thrown: unknown) => this.#options.onFault(thrown))
      .finally(() => (open.isAsked = false))
  }

  #look({ name, rule }: Watched, event: GatewardEvent): void {
    const subject = rule.subject(event)
    if (subject === undefined) return
    const settings = this.#ruleSettings(name)
    if (settings?.enabled !== true) return
    const key = `${name} ${subject.slice(0, 300)}`
    const counter = this.#countOf(this.#counts, key, settings.window)
    counter.add(event.time)
    const count = counter.count(event.time)
    const open = this.#open.get(key)
    if (open !== undefined) this.#goOn(open, rule, event)
    else if (count >= settings.threshold && this.#isShareReached(settings, count, subject, event.time))
      this.#raise(key, { name, rule }, settings, { subject, count, event })
  }

  #isShareReached({ share, window }: RuleSettings, count: number, api: string, time: number): boolean {
    if (share === 0) return true
    const requests = this.#requests.get(window)?.get(api)?.count(time) ?? 0
    return requests === 0 || count / requests >= share
  }

  #raise(
    key: string,
    { name, rule }: Watched,
    settings: RuleSettings,
    seen: { readonly subject: string; readonly count: number; readonly event: GatewardEvent },
  ): void {
    if (this.#open.size >= mostSubjects) return
    const { subject, count, event } = seen
    const severity = rule.severity?.(event) ?? settings.severity
    const record: AlertRecord = {
      id: randomUUID(),
      rule: name,
      subject,
      severity,
      state: 'firing',
      openedAt: event.time,
      lastAt: event.time,
      resolvedAt: undefined,
      escalatedAt: undefined,
      count,
      summary: summaryOf(rule, subject, count, settings),
      details: [],
      silenced: false,
      acknowledgement: undefined,
    }
    const open: Open = {
      record,
      isStale: false,
      toldAt: event.time,
      isAsked: false,
      details: [rule.detail(event)],
    }
    this.#open.set(key, open)
    this.#change(open, 'firing', {})
  }

  #goOn(open: Open, rule: AlertRule, event: GatewardEvent): void {
    open.record = {
      ...open.record,
      count: open.record.count + 1,
      lastAt: Math.max(open.record.lastAt, event.time),
      severity: worse(open.record.severity, rule.severity?.(event)),
    }
    open.isStale = true
    if (open.details.length < mostDetails) open.details.push(rule.detail(event))
  }

  #save(open: Open): void {
    open.isStale = false
    open.record = { ...open.record, details: [...new Set(open.details)] }
    Promise.try(() => this.#options.store.save(open.record)).catch((thrown: unknown) =>
      this.#options.onFault(thrown),
    )
  }

  #change(open: Open, change: AlertChange['change'], changes: Partial<AlertRecord>): void {
    this.#settle(open, change, changes).catch((thrown: unknown) => this.#options.onFault(thrown))
  }

  async #settle(open: Open, change: AlertChange['change'], changes: Partial<AlertRecord>): Promise<void> {
    const { store, clock, tell, publish } = this.#options
    const now = clock.now()
    const details = [...new Set(open.details)]
    const candidate = { ...open.record, ...changes, details }
    open.toldAt = now
    open.isStale = false
    // Set before anything waits: the next second must not find it as it was.
    open.record = candidate
    const isSilenced = (await store.silences(now)).some((silence) => covers(silence, candidate))
    open.record = { ...open.record, silenced: isSilenced }
    const alert = { ...candidate, silenced: isSilenced }
    await store.save(alert)
    if (change !== 'repeated') publish(toEvent(alert, change, now))
    if (!isSilenced) tell({ change, alert })
  }

  #ruleSettings(name: RuleName): RuleSettings | undefined {
    return this.#options.settings().rules[name]
  }

  #countOf(counts: Map<string, SlidingCount>, key: string, window: number): SlidingCount {
    const known = counts.get(key)
    if (known !== undefined) return known
    // The one that was first seen longest ago goes; whoever goes on is soon counted again.
    if (counts.size >= mostSubjects) counts.delete(counts.keys().next().value ?? '')
    const count = new SlidingCount(window)
    counts.set(key, count)
    return count
  }
}

function isDueForEscalation(record: AlertRecord, { escalation }: AlertSettings, now: number): boolean {
  return (
    escalation.to.length > 0 &&
    record.escalatedAt === undefined &&
    isAtLeast(record.severity, escalation.minimum) &&
    now - record.openedAt >= escalation.after
  )
}

/** Whether a silence keeps an alert from people. */
function covers(silence: Silence, alert: AlertRecord): boolean {
  return (
    (silence.rule === '*' || silence.rule === alert.rule) &&
    (silence.subject === '*' || silence.subject === alert.subject)
  )
}

function summaryOf(
  rule: AlertRule,
  subject: string,
  count: number,
  { threshold, window }: RuleSettings,
): string {
  const times = threshold === 1 ? '' : ` ${count} times within ${Math.round(window / 1_000)} s.`
  return `${subject}: ${rule.summary}${times}`
}

function worse(left: AlertSeverity, right: AlertSeverity | undefined): AlertSeverity {
  return right !== undefined && isAtLeast(right, left) ? right : left
}

function toEvent(alert: AlertRecord, state: AlertEvent['state'], time: number): AlertEvent {
  const { id, rule, severity, subject, summary, count } = alert
  return { kind: 'alert', time, id, rule, state, severity, subject, summary, count }
}
