import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import { nowhere, type Place } from '../geography/geography.ts'
import { EventBus } from '../observe/events/event-bus.ts'
import type { AnomalyEvent } from '../observe/events/event.ts'
import { exampleRequest } from '../observe/events/testing.ts'
import { openTestStore } from '../store/testing.ts'
import { createAnomalyManagement } from './anomaly-management.ts'
import { openAnomalies } from './open-anomalies.ts'
import { countryPosition } from './country-positions.ts'
import { SeasonalBaseline } from './seasonal-baseline.ts'
import { anomalySettings } from './settings.ts'
import { distance, findImpossibleTravel } from './travel.ts'
import { Whereabouts } from './whereabouts.ts'

const hour = 3_600_000

describe('anomalies', () => {
  it('are kept, become events, and are not told again once they were said to be expected, over a restart', async () => {
    await using opened = await openTestStore()
    const clock = new ManualClock(Date.UTC(2026, 0, 5))
    const events = new EventBus()
    const told: AnomalyEvent[] = []
    events.subscribe((batch) => told.push(...batch.filter((event) => event.kind === 'anomaly')))
    const start = () =>
      openAnomalies({
        settings: anomalySettings.parse({}),
        store: opened.store.anomalies,
        geography: { locate: () => nowhere },
        events,
        clock,
        onFault: (thrown) => assert.fail(String(thrown)),
      })
    const flood = (count: number) => {
      for (let number = 0; number < count; number++)
        events.publish(exampleRequest({ time: clock.now() + number }))
      clock.advance(10 * 60_000)
      events.publish(exampleRequest({ time: clock.now() }))
      events.flush()
      events.flush()
    }
    const first = await start()
    flood(5_000)
    await first[Symbol.asyncDispose]()
    assert.deepEqual(
      told.map(({ measure, dimension, subject }) => [measure, dimension, subject]),
      [['requests', 'consumer', 'acme']],
    )
    const management = createAnomalyManagement(opened.store.anomalies, clock)
    const [anomaly] = await management.list({ limit: 9 })
    assert.equal(anomaly?.observed, 5_000)
    await management.expect(anomaly?.id ?? '', { reason: 'a sale', life: 90 * 86_400_000 })
    await assert.rejects(management.expect('none', { reason: 'x', life: 1 }), /there is no anomaly none/)
    clock.advance(5 * hour)
    const second = await start()
    flood(6_000)
    assert.equal(told.length, 1)
    clock.advance(5 * hour)
    flood(9_000)
    await second[Symbol.asyncDispose]()
    assert.equal(told.length, 2)
  })

  it('take nothing from what was learned by a program they do not understand', async () => {
    await using opened = await openTestStore()
    await opened.store.anomalies.saveLearned('baselines', 'not JSON')
    const anomalies = await openAnomalies({
      settings: anomalySettings.parse({}),
      store: opened.store.anomalies,
      geography: { locate: () => nowhere },
      events: new EventBus(),
      clock: new ManualClock(),
      onFault: (thrown) => assert.fail(String(thrown)),
    })
    await anomalies[Symbol.asyncDispose]()
    assert.match((await opened.store.anomalies.loadLearned('baselines')) ?? '', /"version":1/)
  })
})

describe('travel', () => {
  it('is impossible where nobody flies so fast, and possible with time, at home, and between neighbours', () => {
    const at = (country: string, hours: number) => ({ place: placeIn(country), time: hours * hour })
    assert.ok(findImpossibleTravel(at('DE', 0), at('BR', 1)))
    assert.equal(findImpossibleTravel(at('DE', 0), at('BR', 12)), undefined)
    assert.equal(findImpossibleTravel(at('DE', 0), at('FR', 0.1)), undefined)
    assert.equal(findImpossibleTravel(at('US', 0), at('US', 0.1)), undefined)
    assert.equal(findImpossibleTravel(at('DE', 0), at('QQ', 0.1)), undefined)
  })

  it('knows distances', () => {
    const [germany, brazil] = [countryPosition('DE'), countryPosition('BR')]
    assert.ok(germany !== undefined && brazil !== undefined)
    assert.ok(Math.abs(distance(germany, brazil) - 9_400) < 500)
    assert.equal(Math.round(distance({ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 })), 222)
  })

  it('back and forth is told once', () => {
    const whereabouts = new Whereabouts()
    const places = [placeIn('DE'), placeIn('BR')]
    const told = Array.from({ length: 20 }, (_, number) =>
      whereabouts.see(places[number % 2] ?? nowhere, number * 600_000),
    ).flat()
    assert.deepEqual(
      told.map(({ measure }) => measure),
      ['impossible-travel'],
    )
  })

  it('to a country or network is new only to who is known', () => {
    const settled = (places: readonly Place[]) => {
      const whereabouts = new Whereabouts()
      for (let number = 0; number < 100; number++)
        whereabouts.see(places[number % places.length] ?? nowhere, number * hour)
      return whereabouts
    }
    const measures = (whereabouts: Whereabouts, place: Place) =>
      whereabouts.see(place, 200 * hour).map(({ measure }) => measure)
    assert.deepEqual(measures(settled([placeIn('DE', 1)]), placeIn('FR', 1)), ['new-country'])
    assert.deepEqual(measures(settled([placeIn('DE', 1)]), placeIn('DE', 2)), ['network-change'])
    assert.deepEqual(measures(settled([placeIn('DE', 1), placeIn('FR', 2)]), placeIn('FR', 1)), [])
    assert.deepEqual(measures(new Whereabouts(), placeIn('FR', 1)), [])
  })
})

describe('a seasonal baseline', () => {
  it('expects at each hour what was usual at that hour, and is not moved by one outlier', () => {
    const baseline = new SeasonalBaseline()
    const level = (time: number) => (new Date(time).getUTCHours() === 12 ? 1_000 : 100)
    for (let time = 0; time < 21 * 24 * hour; time += 300_000) baseline.learn(time, level(time))
    const noon = 21 * 24 * hour + 12 * hour
    const expected = () => baseline.usual(noon, 6)?.expected ?? 0
    assert.ok(Math.abs(expected() - 1_000) < 100)
    assert.ok(Math.abs((baseline.usual(noon + 5 * hour, 6)?.expected ?? 0) - 100) < 10)
    baseline.learn(noon, 1_000_000)
    assert.ok(expected() < 1_100, String(expected()))
    const copy = SeasonalBaseline.from(JSON.parse(JSON.stringify(baseline)) as number[])
    assert.ok(Math.abs((copy.usual(noon, 6)?.expected ?? 0) - expected()) < 1)
  })

  it('says nothing as long as it knows too little', () => {
    const baseline = new SeasonalBaseline()
    for (let number = 0; number < 35; number++) baseline.learn(number * hour, 5)
    assert.equal(baseline.usual(0, 6), undefined)
  })
})

function placeIn(country: string, autonomousSystem?: number): Place {
  return { country, autonomousSystem, position: undefined }
}
