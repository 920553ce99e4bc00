import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleRequest } from '../observe/events/testing.ts'
import { AnomalyDetector } from './anomaly-detector.ts'
import { Expectations } from './expectations.ts'
import { readLearned, writeLearned } from './learned-state.ts'
import { anomalySettings } from './settings.ts'

test('what a detector has learned is what another takes over, whole', async () => {
  const detector = createDetector()
  const start = 1_700_000_000_000
  for (let hour = 0; hour < 3; hour++) {
    const time = start + hour * 3_600_000
    detector.receive(
      Array.from({ length: 50 }, (_, number) =>
        exampleRequest({ time: time + number, consumer: `consumer ${number} "Ω"` }),
      ),
    )
    detector.tick(time + 3_500_000)
  }
  const text = await writeLearned(detector)
  assert.ok((JSON.parse(text) as { subjects: unknown[] }).subjects.length > 50)
  const other = createDetector()
  readLearned(text, other)
  assert.deepEqual(JSON.parse(await writeLearned(other)), JSON.parse(text))
})

function createDetector(): AnomalyDetector {
  return new AnomalyDetector({
    settings: anomalySettings.parse({}),
    geography: { locate: () => ({ country: undefined, autonomousSystem: undefined, position: undefined }) },
    expectations: new Expectations(),
    report: () => {},
  })
}
