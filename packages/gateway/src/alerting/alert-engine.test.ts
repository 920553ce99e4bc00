import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import type { GatewardEvent } from '../observe/events/event.ts'
import { exampleRefusal, exampleRequest } from '../observe/events/testing.ts'
import { openTestStore } from '../store/testing.ts'
import { AlertEngine, type AlertChange } from './alert-engine.ts'
import { readAlertSettings } from './testing.ts'

const minute = 60_000

describe('alerts', () => {
  it('begin when there are many and they are a large part of all, once for each API', async () => {
    await using subject = await openSubject({
      rules: { 'authentication-failures': { threshold: 10, share: 0.5 } },
    })
    for (const api of ['shop', 'billing']) {
      subject.receive(...Array.from({ length: 9 }, () => failure(subject.clock, api)))
      assert.deepEqual(await subject.changes(), [])
    }
    subject.receive(...Array.from({ length: 40 }, () => failure(subject.clock, 'shop')))
    assert.deepEqual(await subject.changes(), ['firing authentication-failures shop 10'])
  })

  it('do not begin where they are a small part of much traffic, or spread over a long time', async () => {
    await using subject = await openSubject({
      rules: { 'authentication-failures': { threshold: 10, share: 0.5 } },
    })
    const { clock } = subject
    subject.receive(...Array.from({ length: 100 }, () => exampleRequest({ time: clock.now() })))
    subject.receive(...Array.from({ length: 20 }, () => failure(clock, 'shop')))
    assert.deepEqual(await subject.changes(), [])
    clock.advance(60 * minute)
    for (let time = 0; time < 20; time++) {
      subject.receive(failure(clock, 'shop'))
      clock.advance(minute)
    }
    assert.deepEqual(await subject.changes(), [])
  })

  it('end after a quiet window, and begin anew', async () => {
    await using subject = await openSubject({ rules: { 'guard-fault': { window: '5m' } } })
    const { clock } = subject
    subject.receive(fault(clock))
    assert.deepEqual(await subject.changes(), ['firing guard-fault waf 1'])
    clock.advance(4 * minute)
    subject.receive(fault(clock))
    clock.advance(4 * minute)
    assert.deepEqual(await subject.changes(), [])
    clock.advance(2 * minute)
    assert.deepEqual(await subject.changes(), ['resolved guard-fault waf 2'])
    subject.receive(fault(clock))
    assert.deepEqual(await subject.changes(), ['firing guard-fault waf 1'])
  })

  it('that go on are repeated, and escalated once', async () => {
    await using subject = await openSubject({
      repeat: '1h',
      targets: { pager: { webhook: { url: 'https://a.example', secret: 'env:S' } } },
      escalation: { after: '30m', to: ['pager'] },
    })
    const { clock } = subject
    const seen: string[] = []
    for (let time = 0; time < 100; time++) {
      subject.receive(fault(clock))
      seen.push(...(await subject.changes()).map((text) => `${time} ${text.split(' ')[0]}`))
      clock.advance(minute)
    }
    assert.deepEqual(seen, ['0 firing', '30 escalated', '90 repeated'])
  })

  it('are told to nobody again once somebody looks after them, until they are over', async () => {
    await using subject = await openSubject({
      repeat: '1h',
      targets: { pager: { webhook: { url: 'https://a.example', secret: 'env:S' } } },
      escalation: { after: '30m', to: ['pager'] },
    })
    const { clock, store } = subject
    subject.receive(fault(clock))
    assert.deepEqual(await subject.changes(), ['firing guard-fault waf 1'])
    const [alert] = await store.alerts.list({ limit: 1 })
    await store.alerts.acknowledge(alert?.id ?? '', { by: 'ada', at: clock.now(), note: 'on it' })
    for (let time = 0; time < 100; time++) {
      subject.receive(fault(clock))
      assert.deepEqual(await subject.changes(), [])
      clock.advance(minute)
      if (time === 50) await subject.restart()
    }
    clock.advance(10 * minute)
    assert.deepEqual(await subject.changes(), ['resolved guard-fault waf 101'])
    assert.equal((await store.alerts.find(alert?.id ?? ''))?.acknowledgement?.by, 'ada')
    subject.receive(fault(clock))
    assert.deepEqual(await subject.changes(), ['firing guard-fault waf 1'])
  })

  it('are recorded and told to nobody while a silence holds', async () => {
    await using subject = await openSubject({})
    const { clock, store } = subject
    await store.alerts.addSilence({
      id: 's',
      rule: 'guard-fault',
      subject: 'waf',
      createdAt: clock.now(),
      until: clock.now() + minute,
      reason: 'known',
    })
    subject.receive(fault(clock))
    assert.deepEqual(await subject.changes(), [])
    const [alert] = await store.alerts.list({ limit: 1 })
    assert.deepEqual([alert?.state, alert?.silenced], ['firing', true])
    clock.advance(10 * minute)
    assert.deepEqual(await subject.changes(), ['resolved guard-fault waf 1'])
  })

  it('go on over a restart, and end after it', async () => {
    await using subject = await openSubject({})
    subject.receive(fault(subject.clock))
    await subject.changes()
    await subject.restart()
    subject.receive(fault(subject.clock))
    assert.deepEqual(await subject.changes(), [])
    subject.clock.advance(10 * minute)
    assert.deepEqual(await subject.changes(), ['resolved guard-fault waf 2'])
  })

  it('come from every kind of event that a rule looks at', async () => {
    await using subject = await openSubject({ rules: { 'issuer-keys-failed': { threshold: 1 } } })
    const time = subject.clock.now()
    const endsAt = time + 5
    const anomaly = {
      kind: 'anomaly',
      time,
      id: 'a',
      dimension: 'consumer',
      subject: 'acme',
      api: 'shop',
      severity: 'critical',
      observed: 1,
      expected: 0,
      explanation: 'x',
    } as const
    subject.receive(
      { kind: 'certificate-ending', time, subject: 'api.example.com', detail: 'd', endsAt },
      { kind: 'key-ending', time, subject: 'key_1', detail: 'd', endsAt },
      { kind: 'waiver-ending', time, subject: 'billing', detail: 'd', endsAt },
      { kind: 'queue-loss', time, queue: 'siem', lost: 3, reason: 'full' },
      { kind: 'configuration-refused', time, diagnostics: [] },
      { kind: 'upstream-health', time, upstream: 'shop', available: false, reason: 'r' },
      { kind: 'upstream-health', time, upstream: 'fine', available: true, reason: 'r' },
      { kind: 'issuer-keys', time, source: 'https://id', outcome: 'failed', reason: 'r' },
      { ...anomaly, measure: 'requests' },
      { ...anomaly, measure: 'impossible-travel' },
    )
    assert.deepEqual((await subject.changes()).sort(), [
      'firing certificate-ending api.example.com 1',
      'firing geographic-anomaly consumer acme 1',
      'firing issuer-keys-failed https://id 1',
      'firing key-ending key_1 1',
      'firing queue-loss siem 1',
      'firing reload-failed configuration 1',
      'firing unusual-traffic consumer acme 1',
      'firing upstream-unavailable shop 1',
      'firing waiver-ending billing 1',
    ])
  })

  it('that are turned off do not begin, and an attacker who invents names fills no memory', async () => {
    await using subject = await openSubject({ rules: { 'guard-fault': { enabled: false } } })
    subject.receive(fault(subject.clock))
    assert.deepEqual(await subject.changes(), [])
    subject.receive(
      ...Array.from({ length: 3_000 }, (_, number) => ({
        kind: 'queue-loss' as const,
        time: subject.clock.now(),
        queue: `q${number}`,
        lost: 1,
        reason: '',
      })),
    )
    assert.equal((await subject.changes()).length, 1_000)
  })
})

function failure(clock: ManualClock, api: string): GatewardEvent {
  return exampleRefusal({ time: clock.now(), request: exampleRequest({ api, time: clock.now() }) })
}

function fault(clock: ManualClock): GatewardEvent {
  return {
    kind: 'guard-fault',
    time: clock.now(),
    guard: 'waf',
    mode: 'enforce',
    code: 'INTERNAL_ERROR',
    reason: 'broke',
    request: exampleRequest({ time: clock.now() }),
  }
}

async function openSubject(written: object) {
  const opened = await openTestStore()
  const clock = new ManualClock()
  const settings = readAlertSettings(written, { S: 'secret' })
  const told: AlertChange[] = []
  const start = () =>
    new AlertEngine({
      settings: () => settings,
      store: opened.store.alerts,
      clock,
      tell: (change) => told.push(change),
      publish: () => {},
      onFault: (thrown) => assert.fail(String(thrown)),
    })
  let engine = start()
  return {
    clock,
    store: opened.store,
    receive: (...events: readonly GatewardEvent[]) => {
      // A refusal comes after the request that it belongs to.
      for (const event of events) engine.receive('request' in event ? [event.request, event] : [event])
    },
    async changes() {
      engine.tick()
      await new Promise((resolve) => setTimeout(resolve, 20))
      return told
        .splice(0)
        .map(({ change, alert }) => `${change} ${alert.rule} ${alert.subject} ${alert.count}`)
    },
    async restart() {
      engine.tick()
      engine = start()
      await engine.resume()
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
