import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startReceiver } from '../packages/gateway/src/alerting/testing.ts'
import { plainRequest, startGate } from './start-gate.ts'

test('what a running gateway served and refused is in its history within seconds', async () => {
  await using gate = await startGate({ service: (_request, response) => response.end('{}') })
  const { key } = gate
  await gate.exchange(plainRequest('GET /v1/things', `x-api-key: ${key}`))
  await gate.exchange(plainRequest('GET /v1/things'))
  const question = { from: Date.now() - 60_000, to: Date.now() + 60_000, step: 1 }
  const deadline = Date.now() + 20_000
  let points = await gate.gateway.history.traffic(question)
  while (sum(points).requests < 2 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    points = await gate.gateway.history.traffic(question)
  }
  assert.deepEqual(sum(points), { requests: 2, refused: 1 })
  const refusals = await gate.gateway.history.refusals(question)
  assert.deepEqual(
    refusals.map(({ guard }) => guard),
    ['authentication'],
  )
  const [consumer] = await gate.gateway.history.top({ ...question, dimension: 'consumer', limit: 5 })
  assert.deepEqual([consumer?.name, consumer?.requests], ['mallory', 1])
})

function sum(points: readonly { readonly requests: number; readonly refused: number }[]) {
  return {
    requests: points.reduce((total, { requests }) => total + requests, 0),
    refused: points.reduce((total, { refused }) => total + refused, 0),
  }
}

test('from the event to a webhook that was delivered and signed takes less than two seconds', async () => {
  await using receiver = await startReceiver()
  await using gate = await startGate({
    service: (_request, response) => response.end('{}'),
    env: { HOOK_SECRET: 'hook' },
    settings: {
      alerts: {
        targets: { hook: { webhook: { url: receiver.url, secret: 'env:HOOK_SECRET' } } },
        rules: { 'authentication-failures': { threshold: 5 } },
      },
    },
  })
  const started = performance.now()
  for (let time = 0; time < 5; time++) await gate.exchange(plainRequest('GET /v1/things'))
  const refused = performance.now()
  await receiver.waitFor(1)
  const took = performance.now() - refused
  assert.ok(
    took < 2_000,
    `${took} ms after the fifth refusal, ${performance.now() - started} ms after the first`,
  )
  const { data } = JSON.parse(receiver.received[0]?.body ?? '') as { data: { alerts: { rule: string }[] } }
  assert.equal(data.alerts[0]?.rule, 'authentication-failures')
})
