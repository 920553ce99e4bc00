import type { Clock, Diagnostic } from '@gateward/kernel'
import { pino, type Logger } from 'pino'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Exchange } from '../exchange/exchange.ts'
import type { KeySetEvent } from '../keyring/refreshed-key-set.ts'
import { exchangeLine, levelOf, type Ending } from './exchange-line.ts'
import { ExchangeMetrics } from './exchange-metrics.ts'
import type { ByteWriter } from './byte-writer.ts'
import { LineBatch } from './line-batch.ts'
import { openLog } from './open-log.ts'
import { RecordWriter } from './record-writer.ts'
import { redact } from './redact.ts'
import type { ObserveSettings } from './settings.ts'

const levels = { info: 0, warn: 1, error: 2 } as const

/** Reports what happens: one function an event, which writes the log, counts the metric and keeps the record together. */
export class Observer implements AsyncDisposable {
  /** Everything that `/metrics` shows. */
  readonly registry = new Registry()
  readonly #clock: Clock
  readonly #threshold: number
  readonly #logWriter: ByteWriter | undefined
  // What is recorded alone, what is recorded and logged, and what is logged alone.
  readonly #recorded: LineBatch
  readonly #recordedAndLogged: LineBatch
  readonly #logged: LineBatch
  readonly #log: Logger
  readonly #records: RecordWriter
  readonly #exchanges: ExchangeMetrics
  readonly #refusedConnections: Counter
  readonly #reloadSuccess: Gauge
  readonly #keySetLoads: Counter
  readonly #reloads: Counter
  readonly #certificateExpiry: Gauge

  constructor(settings: ObserveSettings, recordFolder: string, clock: Clock) {
    this.#clock = clock
    this.#threshold = levels[settings.level]
    this.#logWriter = openLog(settings.log)
    const logs = this.#logWriter === undefined ? [] : [this.#logWriter]
    this.#records = new RecordWriter(recordFolder, settings.records.maxSize, () => clock.now())
    this.#recorded = new LineBatch([this.#records])
    this.#recordedAndLogged = new LineBatch([this.#records, ...logs])
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
    const dropped = () => this.#records.dropped
    this.registry.registerMetric(
      new Gauge({
        name: 'gateward_records_dropped',
        help: 'Records lost because the disk was too slow.',
        registers: [],
        collect() {
          this.set(dropped())
        },
      }),
    )
  }

  /** After the last byte of an answer, or when the client is gone. */
  exchangeFinished(exchange: Exchange, ending: Ending): void {
    const duration = this.#clock.tick() - exchange.startedTick
    this.#exchanges.count(exchange, duration)
    const line = exchangeLine(exchange, ending, this.#clock.now(), duration)
    if (levels[levelOf(exchange)] >= this.#threshold) this.#recordedAndLogged.write(line)
    else this.#recorded.write(line)
  }

  /** A connection or a message that never became a request. */
  connectionRefused(reason: string, detail: string, address: string): void {
    this.#refusedConnections.inc({ reason })
    this.#log.warn({ event: 'connection-refused', reason, detail: redact(detail), client: address })
  }

  /** The public keys of a token issuer were loaded, or could not be. */
  issuerKeysLoaded(event: KeySetEvent): void {
    this.#keySetLoads.inc({ outcome: event.kind })
    if (event.kind === 'loaded') this.#log.info({ ...event, event: 'issuer-keys' })
    else this.#log.warn({ ...event, event: 'issuer-keys' })
  }

  configurationLoaded(hash: string, warnings: readonly Diagnostic[]): void {
    this.#reloadSuccess.set(1)
    this.#reloads.inc({ outcome: 'loaded' })
    this.#log.info({ event: 'configuration-loaded', configuration: hash, warnings: warnings.length })
  }

  /** The old configuration goes on. */
  configurationRefused(diagnostics: readonly Diagnostic[]): void {
    this.#reloadSuccess.set(0)
    this.#reloads.inc({ outcome: 'refused' })
    this.#log.error({ event: 'configuration-refused', diagnostics: diagnostics.slice(0, 50) })
  }

  /** @param notAfter milliseconds since the Unix epoch */
  certificateLoaded(name: string, notAfter: number): void {
    this.#certificateExpiry.set({ name }, notAfter / 1_000)
    this.#log.info({ event: 'certificate-loaded', name, notAfter: new Date(notAfter).toISOString() })
  }

  /** Something the operator should know that belongs to no exchange. */
  noticed(diagnostic: Diagnostic): void {
    const level = diagnostic.severity === 'error' ? 'error' : 'warn'
    this.#log[level]({
      event: 'notice',
      code: diagnostic.code,
      reason: redact(diagnostic.message),
      fix: diagnostic.fix,
    })
  }

  stateChanged(state: 'ready' | 'draining' | 'stopped'): void {
    this.#log.info({ event: 'state', state })
  }

  /** Hands everything to the disk. */
  async flush(): Promise<void> {
    for (const batch of [this.#recorded, this.#recordedAndLogged, this.#logged]) batch.handOn()
    await this.#records.flush()
    await this.#logWriter?.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    await this.#records[Symbol.asyncDispose]()
    await this.#logWriter?.[Symbol.asyncDispose]()
  }
}

const pinoFormat = {
  formatters: { level: (label: string) => ({ level: label }) },
} as const
