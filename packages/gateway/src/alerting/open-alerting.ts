import type { Clock } from '@gateward/kernel'
import { fingerprint } from '../settings/fingerprint.ts'
import type { EventBus } from '../observe/events/event-bus.ts'
import type { AlertStore } from '../store/alert-store.ts'
import { AlertEngine } from './alert-engine.ts'
import { Notifier } from './notifier.ts'
import type { AlertSettings } from './settings.ts'

export interface AlertingOptions {
  readonly settings: AlertSettings
  readonly store: AlertStore
  readonly events: EventBus
  readonly clock: Clock
  /** Which gateway it is, for those who are told. */
  readonly gateway: string
  readonly onLost: (target: string, reason: string) => void
  readonly onFault: (thrown: unknown) => void
}

/** Alerts that are looked for from now on. */
export interface Alerting extends AsyncDisposable {
  /** Takes over other settings; alerts that are open stay open. */
  reconfigure(settings: AlertSettings): void
}

const forgetEvery = 3_600_000

/** Begins to look for alerts, and goes on with those that were firing when the gateway stopped. */
export async function openAlerting(options: AlertingOptions): Promise<Alerting> {
  const { store, events, clock, onFault } = options
  let { settings } = options
  const notifierOf = () => new Notifier({ ...options, settings })
  let notifier = notifierOf()
  const engine = new AlertEngine({
    settings: () => settings,
    store,
    clock,
    tell: (change) => notifier.tell(change),
    publish: (event) => events.publish(event),
    onFault,
  })
  await engine.resume()
  const subscription = events.subscribe((batch) => engine.receive(batch))
  const ticking = setInterval(() => engine.tick(), 1_000).unref()
  const forgetting = setInterval(() => {
    Promise.try(() => store.deleteBefore(clock.now() - settings.keep)).catch(onFault)
  }, forgetEvery).unref()
  return {
    reconfigure(next) {
      // A reload that changes nothing here takes nothing away that still waits to be delivered.
      if (fingerprint(next) === fingerprint(settings)) return
      const before = notifier
      settings = next
      notifier = notifierOf()
      before[Symbol.asyncDispose]().catch(onFault)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(ticking)
      clearInterval(forgetting)
      subscription[Symbol.dispose]()
      await notifier[Symbol.asyncDispose]()
    },
  }
}
