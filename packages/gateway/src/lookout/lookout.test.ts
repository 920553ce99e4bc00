import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import { exampleRecord } from '../store/api-key-store.contract.ts'
import { openTestStore } from '../store/testing.ts'
import { compilePlan } from '../versions/plan.ts'
import { Lookout, type LookoutOptions } from './lookout.ts'
import { PlanLookout } from './plan-lookout.ts'

const start = 1_700_000_000_000
const day = 86_400_000

describe('the lookout', () => {
  it('tells of keys that are made and ended, by whichever process, and of none that were there', async () => {
    await using subject = await openSubject()
    const { store, look, told } = subject
    await store.apiKeys.insert(exampleRecord())
    assert.deepEqual(await look(), [])
    await store.apiKeys.insert(exampleRecord({ id: 'key_2', hash: '2' }))
    await store.apiKeys.succeed('key_2', start, exampleRecord({ id: 'key_3', hash: '3' }))
    await store.apiKeys.setState(exampleRecord().id, 'disabled', 1)
    assert.deepEqual((await look()).sort(), [
      `key-created key_2`,
      `key-created key_3`,
      `key-disabled ${exampleRecord().id}`,
    ])
    await store.apiKeys.setState(exampleRecord().id, 'active', 1)
    await store.apiKeys.succeed('key_3', start, exampleRecord({ id: 'key_4', hash: '4' }))
    assert.deepEqual((await look()).sort(), [
      'key-created key_4',
      `key-enabled ${exampleRecord().id}`,
      'key-rotated key_3',
    ])
    await store.apiKeys.setState('key_4', 'revoked', 1)
    assert.deepEqual(await look(), ['key-revoked key_4'])
    assert.deepEqual(await look(), [])
    assert.equal(told.length, 7)
  })

  it('tells once a day what ends within two weeks: keys without a successor, certificates, waivers', async () => {
    await using subject = await openSubject({
      certificates: () => [
        { names: ['api.example.com'], notAfter: start + 10 * day },
        { names: ['far.example.com'], notAfter: start + 100 * day },
      ],
      waivers: () => [
        { upstream: 'billing', reason: 'old', owner: 'ops', expires: '2023-11-20', daysLeft: 6 },
        { upstream: 'later', reason: 'old', owner: 'ops', expires: '2024-11-20', daysLeft: 372 },
      ],
    })
    const { store, clock, look } = subject
    await store.apiKeys.insert(exampleRecord({ expiresAt: start + 13 * day }))
    await store.apiKeys.insert(exampleRecord({ id: 'key_2', hash: '2', expiresAt: start + 15 * day }))
    const expected = [
      'certificate-ending api.example.com',
      `key-ending ${exampleRecord().id}`,
      'waiver-ending billing',
    ]
    assert.deepEqual(await look(), expected)
    clock.advance(day / 2)
    assert.deepEqual(await look(), [])
    clock.advance(day)
    assert.deepEqual(await look(), [expected[0], expected[1], 'key-ending key_2', expected[2]])
  })

  it('tells once which stage of a plan has begun, over restarts too, and before an exception ends', async () => {
    const plan = compilePlan(
      {
        reason: 'nobody maintains it',
        insecure: false,
        finding: undefined,
        successor: undefined,
        links: {},
        stages: { deprecated: start - 2 * day, brownouts: [], readOnly: start - day, retired: start + day },
        forced: undefined,
        exceptions: [{ consumer: 'acme', reason: 'their release', owner: 'ops', expires: '2023-11-16' }],
      },
      undefined,
    )
    const plans = () => [{ api: 'shop@v1', plan }]
    await using subject = await openSubject({ plans })
    const { store, clock, look } = subject
    assert.deepEqual(await look(), ['plan shop@v1 read-only', 'waiver-ending shop@v1 acme'])
    assert.deepEqual(await look(), [])
    assert.deepEqual(await new PlanLookout(store.versions).begun(plans(), start), [])
    clock.advance(day)
    assert.deepEqual(await look(), ['plan shop@v1 retired', 'waiver-ending shop@v1 acme'])
    assert.deepEqual(await look(), [])
  })

  it('tells when an upstream goes and comes back, and of lost records', async () => {
    let available = true
    let dropped = 0
    await using subject = await openSubject(
      {
        upstreams: () => [
          { name: 'shop', available, breaker: available ? 'closed' : 'open', tunnels: 0, targets: [] },
        ],
      },
      () => dropped,
    )
    const { look } = subject
    assert.deepEqual(await look(), [])
    available = false
    dropped = 5
    assert.deepEqual(await look(), ['upstream shop false', 'lost records 5'])
    assert.deepEqual(await look(), [])
    available = true
    dropped = 7
    assert.deepEqual(await look(), ['upstream shop true', 'lost records 2'])
  })
})

async function openSubject(changes: Partial<LookoutOptions> = {}, dropped = () => 0) {
  const opened = await openTestStore()
  const clock = new ManualClock(start)
  const told: string[] = []
  const lookout = new Lookout({
    observer: {
      keyChanged: ({ kind, key }) => told.push(`${kind} ${key}`),
      endingNear: ({ kind, subject }) => told.push(`${kind} ${subject}`),
      planStageBegan: ({ api, stage }) => told.push(`plan ${api} ${stage}`),
      upstreamChanged: ({ upstream, available }) => told.push(`upstream ${upstream} ${available}`),
      lost: (queue, lost) => told.push(`lost ${queue} ${lost}`),
      get recordsDropped() {
        return dropped()
      },
      recordsFailure: undefined,
    },
    apiKeys: opened.store.apiKeys,
    clock,
    upstreams: () => [],
    certificates: () => [],
    waivers: () => [],
    plans: () => [],
    versions: opened.store.versions,
    onFault: (thrown) => assert.fail(String(thrown)),
    ...changes,
  })
  return {
    store: opened.store,
    clock,
    told,
    look: async () => {
      const before = told.length
      await lookout.look()
      return told.slice(before)
    },
    async [Symbol.asyncDispose]() {
      lookout[Symbol.dispose]()
      await opened[Symbol.asyncDispose]()
    },
  }
}
