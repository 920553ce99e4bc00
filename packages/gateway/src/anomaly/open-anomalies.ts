import type { Clock } from '@gateward/kernel'
import type { Geography } from '../geography/geography.ts'
import type { EventBus } from '../observe/events/event-bus.ts'
import type { AnomalyEvent, GatewardEvent } from '../observe/events/event.ts'
import type { AnomalyStore } from '../store/anomaly-store.ts'
import { AnomalyDetector } from './anomaly-detector.ts'
import { Expectations } from './expectations.ts'
import { readLearned, writeLearned } from './learned-state.ts'
import type { AnomalySettings } from './settings.ts'

export interface AnomaliesOptions {
  readonly settings: AnomalySettings
  readonly store: AnomalyStore
  readonly geography: Geography
  readonly events: EventBus
  readonly clock: Clock
  readonly onFault: (thrown: unknown) => void
}

const saveEvery = 3_600_000
const keepFor = 90 * 86_400_000
const learnedName = 'baselines'

/** Begins to look for anomalies, with what was learned until the last stop. */
export async function openAnomalies(options: AnomaliesOptions): Promise<AsyncDisposable> {
  const { settings, store, geography, events, clock, onFault } = options
  const expectations = new Expectations(await store.expectations(clock.now()))
  const attempt = (work: () => unknown): void => void Promise.try(work).catch(onFault)
  const report = (anomaly: AnomalyEvent): void => {
    events.publish(anomaly)
    const { kind: _, ...record } = anomaly
    attempt(() => store.add(record))
  }
  const detector = new AnomalyDetector({ settings, geography, expectations, report })
  const learned = await store.loadLearned(learnedName)
  if (learned !== undefined) readLearned(learned, detector)
  const save = async (): Promise<void> => {
    await store.saveLearned(learnedName, await writeLearned(detector))
    await store.deleteBefore(clock.now() - keepFor)
  }
  const subscription = events.subscribe((batch: readonly GatewardEvent[]) => detector.receive(batch))
  const ticking = setInterval(() => {
    detector.tick(clock.now())
    attempt(async () => expectations.replace(await store.expectations(clock.now())))
  }, 5_000).unref()
  const saving = setInterval(() => attempt(save), saveEvery).unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(ticking)
      clearInterval(saving)
      subscription[Symbol.dispose]()
      await save().catch(onFault)
    },
  }
}
