import manifest from '../package.json' with { type: 'json' }
import { toFault, type Clock } from '@gateward/kernel'
import { hostname } from 'node:os'
import { openAlerting } from './alerting/open-alerting.ts'
import { openAnomalies } from './anomaly/open-anomalies.ts'
import type { Configuration } from './config/configuration.ts'
import type { Geography } from './geography/geography.ts'
import { openGeography } from './geography/open-geography.ts'
import { createHistory, type History } from './history/history.ts'
import { HistoryRecorder } from './history/history-recorder.ts'
import { VersionRecorder } from './history/version-recorder.ts'
import type { Observer } from './observe/observer.ts'
import { openOtlp } from './otlp/open-otlp.ts'
import { openSinks } from './sinks/open-sinks.ts'
import type { Store } from './store/store.ts'

const { version } = manifest

/** Everything that looks on: it hears events and never sees an exchange. */
export interface Watch {
  /** What traffic was like, for the dashboard. */
  readonly history: History
  /** Where addresses are. */
  readonly geography: Geography
  /** Takes over the settings of a configuration that runs from now on. */
  reconfigure(configuration: Configuration): void
}

/** Opens all of it; `stack` closes it before the observer and the store. */
export async function openWatch(
  configuration: Configuration,
  parts: { readonly clock: Clock; readonly observer: Observer; readonly store: Store },
  stack: AsyncDisposableStack,
): Promise<Watch> {
  const { clock, observer, store } = parts
  const notice = (code: string) => (thrown: unknown) =>
    observer.noticed({ code, severity: 'warning', message: toFault(thrown).message })
  const geography = openGeography(configuration.geography)
  const recorder = stack.use(
    new HistoryRecorder({
      store: store.history,
      geography,
      clock,
      onFault: notice('history-store'),
    }),
  )
  stack.use(observer.events.subscribe((events) => recorder.receive(events)))
  const versions = stack.use(
    new VersionRecorder({ store: store.versions, clock, onFault: notice('version-store') }),
  )
  stack.use(observer.events.subscribe((events) => versions.receive(events)))
  const alerting = stack.use(
    await openAlerting({
      settings: configuration.alerts,
      store: store.alerts,
      events: observer.events,
      clock,
      gateway: hostname(),
      onLost: (target, reason) => observer.lost(`alerts to ${target}`, 1, reason),
      onFault: notice('alerting'),
    }),
  )
  if (configuration.anomalies.enabled)
    stack.use(
      await openAnomalies({
        settings: configuration.anomalies,
        store: store.anomalies,
        geography,
        events: observer.events,
        clock,
        onFault: notice('anomalies'),
      }),
    )
  stack.use(
    openSinks({
      settings: configuration.events,
      data: configuration.data,
      events: observer.events,
      host: hostname(),
      version,
      clock,
      onLost: (sink, lost, reason) => observer.lost(`events to ${sink}`, lost, reason),
      onChange: (sink, reachable, reason) => observer.sinkChanged(sink, reachable, reason),
    }),
  )
  stack.use(
    openOtlp({
      settings: configuration.otlp,
      data: configuration.data,
      observer,
      host: hostname(),
      version,
      clock,
    }),
  )
  // Before the receivers close: what waits is for them.
  stack.defer(() => observer.events.flush())
  return {
    history: createHistory({ store: store.history, recorder, clock }),
    geography,
    reconfigure({ alerts }) {
      alerting.reconfigure(alerts)
    },
  }
}
