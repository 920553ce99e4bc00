import { toFault, type Clock } from '@gateward/kernel'
import type { Configuration } from './config/configuration.ts'
import { openGeography } from './geography/open-geography.ts'
import { createHistory, type History } from './history/history.ts'
import { HistoryRecorder } from './history/history-recorder.ts'
import type { Observer } from './observe/observer.ts'
import type { Store } from './store/store.ts'

/** Everything that looks on: it hears events and never sees an exchange. */
export interface Watch {
  /** What traffic was like, for the dashboard. */
  readonly history: History
}

/** Opens all of it; `stack` closes it before the observer and the store. */
export function openWatch(
  configuration: Configuration,
  parts: { readonly clock: Clock; readonly observer: Observer; readonly store: Store },
  stack: AsyncDisposableStack,
): Watch {
  const { clock, observer, store } = parts
  const geography = openGeography(configuration.geography)
  const recorder = stack.use(
    new HistoryRecorder({
      store: store.history,
      geography,
      clock,
      onFault: (thrown) =>
        observer.noticed({ code: 'history-store', severity: 'warning', message: toFault(thrown).message }),
    }),
  )
  stack.use(observer.events.subscribe((events) => recorder.receive(events)))
  // Before the receivers close: what waits is for them.
  stack.defer(() => observer.events.flush())
  return { history: createHistory({ store: store.history, recorder, clock }) }
}
