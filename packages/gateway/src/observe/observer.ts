import type { Clock, Diagnostic } from '@gateward/kernel'
import { pino, type Logger } from 'pino'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Exchange } from '../exchange/exchange.ts'
import type { KeySetEvent } from '../keyring/refreshed-key-set.ts'
import { levelOf, writeExchangeLine, type Ending } from './exchange-line.ts'
import { EventBus } from './events/event-bus.ts'
import type { EndingEvent, KeyEvent, PlanStageEvent, UpstreamHealthEvent } from './events/event.ts'
import { publishExchange } from './events/exchange-events.ts'
import { ExchangeMetrics, type TimedSeries } from './exchange-metrics.ts'
import type { ByteSink, ByteWriter } from './byte-writer.ts'
import { LineBatch } from './line-batch.ts'
import { openLog } from './open-log.ts'
import type { RecordWriter } from './records/record-writer.ts'
import { redact } from './redact.ts'
import type { ObserveSettings } from './settings.ts'

/** A row of the audit log as the log tells it. */
interface AuditedRow {
  readonly number: number
  readonly hash: string
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly outcome: string
}

const levels = { info: 0, warn: 1, error: 2 } as const

/** Reports what happens: one function an event, which writes the log, counts the metric and keeps the record together. */
export class Observer implements AsyncDisposable {
  /** Everything that `/metrics` shows. */
  readonly registry = new Registry()
  /** Everything that happens, for history, anomalies, alerts and sinks. */
  readonly events: EventBus
  readonly #clock: Clock
  readonly #threshold: number
  readonly #logWriter: ByteWriter | undefined
  // What is recorded alone, what is recorded and logged, and what is logged alone.
  readonly #recorded: LineBatch
  readonly #recordedAndLogged: LineBatch
  readonly #logged: LineBatch
  readonly #log: Logger
  #records: RecordWriter | undefined
  readonly #exchanges: ExchangeMetrics
  readonly #refusedConnections: Counter
  readonly #reloadSuccess: Gauge
  readonly #keySetLoads: Counter
  readonly #reloads: Counter
  readonly #certificateExpiry: Gauge

  constructor(settings: ObserveSettings, clock: Clock) {
    this.#clock = clock
    this.events = new EventBus((thrown) => this.#receiverFailed(thrown))
    this.#threshold = levels[settings.level]
    this.#logWriter = openLog(settings.log)
    const logs = this.#logWriter === undefined ? [] : [this.#logWriter]
    const records: ByteSink = { write: (bytes, lines) => this.#records?.write(bytes, lines) }
    this.#recorded = new LineBatch([records])
    this.#recordedAndLogged = new LineBatch([records, ...logs])
    this.#logged = new LineBatch(logs)
    this.#log = pino(
      { level: settings.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, ...pinoFormat },
      this.#logged,
    )
    this.#exchanges = new ExchangeMetrics(this.registry, settings.metrics.maxSeries)
    collectDefaultMetrics({ register: this.registry, prefix: 'gateward_' })
    const registers = [this.registry]
    this.#refusedConnections = new Counter({
      name: 'gateward_connections_refused_total',
      help: 'Connections and messages refused before they were a request.',
      labelNames: ['reason'],
      registers,
    })
    this.#reloadSuccess = new Gauge({
      name: 'gateward_config_last_reload_success',
      help: '1 where the last load was taken over, 0 where the old configuration was kept.',
      registers,
    })
    this.#keySetLoads = new Counter({
      name: 'gateward_issuer_key_loads_total',
      help: 'Loads of the public keys of token issuers.',
      labelNames: ['outcome'],
      registers,
    })
    this.#reloads = new Counter({
      name: 'gateward_config_reloads_total',
      help: 'Loads of the configuration.',
      labelNames: ['outcome'],
      registers,
    })
    this.#certificateExpiry = new Gauge({
      name: 'gateward_cert_expiry_timestamp_seconds',
      help: 'When the served certificate ends.',
      labelNames: ['name'],
      registers,
    })
    const dropped = () => this.recordsDropped
    this.registry.registerMetric(
      new Gauge({
        name: 'gateward_records_dropped',
        help: 'Records lost because the disk was too slow or did not take them.',
        registers: [],
        collect() {
          this.set(dropped())
        },
      }),
    )
  }

  /** Keeps records from now on; they are sealed, so it begins when the keys are there. The observer closes them. */
  keepRecords(records: RecordWriter): void {
    this.#records = records
  }

  /** After the last byte of an answer, or when the client is gone. */
  exchangeFinished(exchange: Exchange, ending: Ending): void {
    const duration = this.#clock.tick() - exchange.startedTick
    this.#exchanges.count(exchange, duration)
    const now = this.#clock.now()
    if (this.events.heard) publishExchange(this.events, exchange, ending, now, duration)
    const batch = levels[levelOf(exchange)] >= this.#threshold ? this.#recordedAndLogged : this.#recorded
    writeExchangeLine(batch.line, exchange, ending, now, duration)
    batch.endLine()
  }

  /** A connection or a message that never became a request. */
  connectionRefused(reason: string, detail: string, address: string): void {
    this.#refusedConnections.inc({ reason })
    const shown = redact(detail)
    this.#log.warn({ event: 'connection-refused', reason, detail: shown, client: address })
    this.events.publish({
      kind: 'connection-refused',
      time: this.#now(),
      reason,
      detail: shown,
      client: address,
    })
  }

  /** The public keys of a token issuer were loaded, or could not be. */
  issuerKeysLoaded(event: KeySetEvent): void {
    this.#keySetLoads.inc({ outcome: event.kind })
    if (event.kind === 'loaded') this.#log.info({ ...event, event: 'issuer-keys' })
    else this.#log.warn({ ...event, event: 'issuer-keys' })
    const reason = event.kind === 'failed' ? redact(event.reason) : undefined
    const { source, kind: outcome } = event
    this.events.publish({ kind: 'issuer-keys', time: this.#now(), source, outcome, reason })
  }

  configurationLoaded(hash: string, warnings: readonly Diagnostic[]): void {
    this.#reloadSuccess.set(1)
    this.#reloads.inc({ outcome: 'loaded' })
    const facts = { configuration: hash, warnings: warnings.length }
    this.#log.info({ event: 'configuration-loaded', ...facts })
    this.events.publish({ kind: 'configuration-loaded', time: this.#now(), ...facts })
  }

  /** The old configuration goes on. */
  configurationRefused(diagnostics: readonly Diagnostic[]): void {
    this.#reloadSuccess.set(0)
    this.#reloads.inc({ outcome: 'refused' })
    const shown = diagnostics.slice(0, 50)
    this.#log.error({ event: 'configuration-refused', diagnostics: shown })
    this.events.publish({ kind: 'configuration-refused', time: this.#now(), diagnostics: shown })
  }

  /** @param notAfter milliseconds since the Unix epoch */
  certificateLoaded(name: string, notAfter: number): void {
    this.#certificateExpiry.set({ name }, notAfter / 1_000)
    this.#log.info({ event: 'certificate-loaded', name, notAfter: new Date(notAfter).toISOString() })
    this.events.publish({ kind: 'certificate-loaded', time: this.#now(), name, notAfter })
  }

  /** A certificate, key or waiver ends soon, or has ended. */
  endingNear(event: Omit<EndingEvent, 'time'>): void {
    const { kind, subject, detail, endsAt } = event
    this.#log.warn({ event: kind, subject, detail, endsAt: new Date(endsAt).toISOString() })
    this.events.publish({ ...event, time: this.#now() })
  }

  /** An API key was made or ended, here or by another process on the same data folder. */
  keyChanged(event: Omit<KeyEvent, 'time'>): void {
    const { kind, key, display, consumer } = event
    this.#log.info({ event: kind, key, display, consumer })
    this.events.publish({ ...event, time: this.#now() })
  }

  /** A stage of the plan by which a version ends has begun. */
  planStageBegan(event: Omit<PlanStageEvent, 'time' | 'kind'>): void {
    const { beganAt, ...facts } = event
    this.#log[event.insecure ? 'warn' : 'info']({
      event: 'plan-stage',
      ...facts,
      beganAt: new Date(beganAt).toISOString(),
    })
    this.events.publish({ kind: 'plan-stage', time: this.#now(), ...event })
  }

  /** An upstream became available or unavailable. */
  upstreamChanged(event: Omit<UpstreamHealthEvent, 'time' | 'kind'>): void {
    this.#log[event.available ? 'info' : 'error']({ event: 'upstream-health', ...event })
    this.events.publish({ kind: 'upstream-health', time: this.#now(), ...event })
  }

  /** A receiver of events is away, or back; what comes meanwhile waits in its queue. */
  sinkChanged(sink: string, reachable: boolean, reason: string): void {
    this.#log[reachable ? 'info' : 'warn']({ event: 'sink', sink, reachable, reason: redact(reason) })
  }

  /** Something that must not be lost was: records, or events on the way to a sink. */
  lost(queue: string, lost: number, reason: string): void {
    this.#log.error({ event: 'queue-loss', queue, lost, reason: redact(reason) })
    this.events.publish({ kind: 'queue-loss', time: this.#now(), queue, lost, reason: redact(reason) })
  }

  /** Something the operator should know that belongs to no exchange. */
  noticed(diagnostic: Diagnostic): void {
    const { code, severity, fix } = diagnostic
    const reason = redact(diagnostic.message)
    this.#log[severity === 'error' ? 'error' : 'warn']({ event: 'notice', code, reason, fix })
    this.events.publish({ kind: 'notice', time: this.#now(), code, severity, reason, fix })
  }

  /** Something was done to the gateway; the number and the hash tie the log of this machine to the audit log. */
  audited(row: AuditedRow): void {
    this.#log.info({ event: 'audit', ...row })
  }

  stateChanged(state: 'ready' | 'draining' | 'stopped'): void {
    this.#log.info({ event: 'state', state })
    this.events.publish({ kind: 'state', time: this.#now(), state })
  }

  /** Records lost so far: the disk was too slow, or did not take them. */
  get recordsDropped(): number {
    return this.#records?.dropped ?? 0
  }

  /** Why the last of them were. */
  get recordsFailure(): string | undefined {
    return this.#records?.failure
  }

  /** Every exchange so far, counted and timed. */
  exchanges(): readonly TimedSeries[] {
    return this.#exchanges.exchanges()
  }

  /** Hands everything to the disk. */
  async flush(): Promise<void> {
    this.events.flush()
    for (const batch of [this.#recorded, this.#recordedAndLogged, this.#logged]) batch.handOn()
    await this.#records?.flush()
    await this.#logWriter?.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    await this.#records?.[Symbol.asyncDispose]()
    await this.#logWriter?.[Symbol.asyncDispose]()
  }

  #now(): number {
    return this.#clock.now()
  }

  // Told in the log alone: as an event it would go to the receiver that just failed.
  #receiverFailed(thrown: unknown): void {
    this.#log.error({ event: 'event-receiver-failed', reason: redact(String(thrown)) })
  }
}

const pinoFormat = {
  formatters: { level: (label: string) => ({ level: label }) },
} as const
