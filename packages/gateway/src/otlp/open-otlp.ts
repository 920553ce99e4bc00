import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '@gateward/kernel'
import type { Observer } from '../observe/observer.ts'
import { Sink } from '../sinks/sink.ts'
import type { EventWriter } from '../sinks/formats/event-writer.ts'
import { lineTransport } from './line-transport.ts'
import { createLogWriter } from './log-writer.ts'
import { MetricExport } from './metric-export.ts'
import { OtlpPoster, type Signal } from './otlp-poster.ts'
import { toSender } from './resource.ts'
import type { OtlpSettings } from './settings.ts'
import { writeSpans } from './span-writer.ts'
import type { GatheredMetric } from './to-metrics.ts'

export interface OtlpOptions {
  readonly settings: OtlpSettings
  /** The data folder; traces and logs have a folder each in `queues`. */
  readonly data: string
  readonly observer: Observer
  readonly host: string
  readonly version: string
  readonly clock: Clock
}

/** Begins to send traces, metrics and logs to where the settings say; nothing where they name no receiver. */
export function openOtlp(options: OtlpOptions): AsyncDisposable {
  const { settings, observer, clock } = options
  const { endpoint, traces, metrics, logs } = settings
  const stack = new AsyncDisposableStack()
  if (endpoint === undefined) return stack
  const sender = toSender(settings, { ...options, instance: randomUUID() })
  const onChange = (signal: Signal) => (reachable: boolean, reason: string) =>
    observer.sinkChanged(`otlp ${signal}`, reachable, reason)
  const openQueue = (signal: 'traces' | 'logs', queue: number, write: EventWriter): void => {
    const sink = stack.use(
      new Sink({
        ...options,
        folder: join(options.data, 'queues', `otlp-${signal}`),
        queue,
        write,
        transport: lineTransport(signal, sender, new OtlpPoster(endpoint, settings, signal)),
        onLost: (lost, reason) => observer.lost(`${signal} for OTLP`, lost, reason),
        onChange: onChange(signal),
      }),
    )
    stack.use(observer.events.subscribe((events) => sink.receive(events)))
  }
  if (traces.enabled) openQueue('traces', traces.queue, writeSpans)
  if (logs.enabled) openQueue('logs', logs.queue, createLogWriter(logs.requests))
  if (metrics.enabled)
    stack.use(
      new MetricExport({
        poster: new OtlpPoster(endpoint, settings, 'metrics'),
        sender,
        every: metrics.every,
        // Its type calls kinds by numbers; what it gives calls them by their names.
        gather: async () =>
          (await observer.registry.getMetricsAsJSON()) as unknown as readonly GatheredMetric[],
        exchanges: () => observer.exchanges(),
        clock,
        onChange: onChange('metrics'),
      }),
    )
  return stack
}
