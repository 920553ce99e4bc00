import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defineProblem } from '@gateward/kernel'
import { openTestExchange } from '../../exchange/testing.ts'
import { TouchedData } from '../../exchange/touched-data.ts'
import type { TrailEntry } from '../../exchange/trail.ts'
import { EventBus } from './event-bus.ts'
import type { GatewardEvent } from './event.ts'
import { publishExchange } from './exchange-events.ts'
import { exampleRequest } from './testing.ts'

describe('the event bus', () => {
  it('hands on every event, in order, to everyone, without being asked', async () => {
    const heard: [GatewardEvent[], GatewardEvent[]] = [[], []]
    const bus = new EventBus()
    using _one = bus.subscribe((events) => heard[0].push(...events))
    using _two = bus.subscribe((events) => heard[1].push(...events))
    const sent = Array.from({ length: 1_000 }, (_, number) => exampleRequest({ time: number }))
    for (const event of sent) bus.publish(event)
    assert.ok(heard[0].length >= 744, 'at most 256 wait')
    await new Promise((resolve) => setTimeout(resolve, 500))
    assert.deepEqual(heard, [sent, sent])
  })

  it('takes nothing from the others where one receiver throws, and says so', () => {
    const faults: unknown[] = []
    const heard: GatewardEvent[] = []
    const bus = new EventBus((thrown) => faults.push(thrown))
    bus.subscribe(() => {
      throw new Error('broken')
    })
    bus.subscribe((events) => heard.push(...events))
    bus.publish(exampleRequest())
    bus.flush()
    assert.deepEqual([heard.length, faults.length, bus.failures], [1, 1, 1])
  })

  it('hands on later what a receiver publishes, so that none goes round in circles', () => {
    const bus = new EventBus()
    let times = 0
    bus.subscribe((events) => {
      times++
      for (const event of events) bus.publish(event)
    })
    bus.publish(exampleRequest())
    bus.flush()
    assert.equal(times, 1)
  })

  it('makes nothing and holds nothing where nobody listens any more', () => {
    const bus = new EventBus()
    const subscription = bus.subscribe(() => assert.fail('nobody listens'))
    subscription[Symbol.dispose]()
    assert.equal(bus.heard, false)
    bus.publish(exampleRequest())
    bus.flush()
  })
})

describe('the events of an exchange', () => {
  it('are one for each data class that it touched, with what was done how often, and none of the values', () => {
    const exchange = openTestExchange()
    exchange.touched = new TouchedData()
    exchange.touched.add('pii.email', 'decrypted', 2)
    exchange.touched.add('pii.email', 'concealed')
    exchange.touched.add('pii.name', 'revealed')
    const heard: GatewardEvent[] = []
    const bus = new EventBus()
    bus.subscribe((events) => heard.push(...events))
    publishExchange(bus, exchange, { bytesSent: 0, whole: true }, 7, 1)
    bus.flush()
    const none = { encrypted: 0, searched: 0, decrypted: 0, revealed: 0, concealed: 0 }
    const common = { kind: 'data-touched', time: 7, requestId: exchange.id, consumer: undefined }
    const { api, operationId: operation } = exchange.route
    assert.deepEqual(heard.slice(1), [
      { ...common, api, operation, dataClass: 'pii.email', counts: { ...none, decrypted: 2, concealed: 1 } },
      { ...common, api, operation, dataClass: 'pii.name', counts: { ...none, revealed: 1 } },
    ])
  })

  const cases: readonly (readonly [guard: string, phase: TrailEntry['phase'], kind: string])[] = [
    ['authentication', 'request', 'authentication-failed'],
    ['authorization', 'request', 'access-denied'],
    ['quota', 'request', 'limit-exceeded'],
    ['flood', 'request', 'limit-exceeded'],
    ['validation', 'request-body', 'validation-refused'],
    ['validation', 'response-body', 'response-refused'],
    ['waf', 'request', 'waf-matched'],
    ['cors', 'request', 'request-refused'],
  ]
  for (const [guard, phase, kind] of cases)
    it(`are two where ${guard} refuses the ${phase}: ${kind}`, () => {
      const events = eventsOf({ guard, phase, verdict: 'refuse', mode: 'enforce' })
      assert.deepEqual(
        events.map((event) => event.kind),
        ['request', kind],
      )
    })

  it('say when a guard broke, and nothing of guards that passed', () => {
    assert.deepEqual(
      eventsOf({ guard: 'waf', phase: 'request', verdict: 'fault', mode: 'shadow' }).map(({ kind }) => kind),
      ['request', 'guard-fault'],
    )
    assert.equal(eventsOf({ guard: 'waf', phase: 'request', verdict: 'pass', mode: 'enforce' }).length, 1)
  })

  it('hold no header, no query and no credential', () => {
    const text = JSON.stringify(
      eventsOf({ guard: 'waf', phase: 'request', verdict: 'refuse', mode: 'enforce' }),
    )
    for (const secret of ['verysecret', 'abcdefgh', 'hunter2']) assert.ok(!text.includes(secret), secret)
  })
})

function eventsOf(entry: Pick<TrailEntry, 'guard' | 'phase' | 'verdict' | 'mode'>): GatewardEvent[] {
  const exchange = openTestExchange({
    path: '/v1/orders',
    query: 'token=verysecret',
    headers: { authorization: 'Bearer abcdefgh' },
  })
  exchange.problem = defineProblem('BAD_REQUEST', 'no')
  exchange.trail.push({ ...entry, note: 'password=hunter2', code: 'BAD_REQUEST', elapsed: 0.1 })
  const events: GatewardEvent[] = []
  const bus = new EventBus()
  bus.subscribe((batch) => events.push(...batch))
  publishExchange(bus, exchange, { whole: true, bytesSent: 9 }, 1, 2)
  bus.flush()
  return events
}
