import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasErrors, ManualClock } from '@gateward/kernel'
import { checkEnvironment } from './check-environment.ts'
import { checkUpstream } from './check-upstream.ts'
import { upstreamSettings, type UpstreamSettings } from './settings.ts'
import { listWaivers } from './waivers.ts'

// 2023-11-14
const clock = new ManualClock()

function parse(input: unknown): UpstreamSettings {
  return upstreamSettings.parse(input)
}

function codes(input: unknown): readonly string[] {
  return checkUpstream('orders', parse(input), clock).map(({ code }) => code)
}

test('a URL stands for one target with all defaults', () => {
  assert.deepEqual(parse('http://127.0.0.1:3000'), parse({ targets: [{ url: 'http://127.0.0.1:3000' }] }))
  assert.deepEqual(codes('https://orders.example'), [])
})

for (const url of [
  'orders:3000',
  'ftp://a',
  'http://',
  'http://a/path',
  'http://a?x',
  'http://user:pw@a',
  'http://a:99999',
  'http://a b',
  'http://a#x',
]) {
  test(`${url} is not an upstream`, () => {
    assert.equal(upstreamSettings.safeParse(url).success, false)
    assert.equal(upstreamSettings.safeParse({ targets: [{ url }] }).success, false)
  })
}

test('an unknown setting is refused', () => {
  assert.equal(upstreamSettings.safeParse({ targets: [{ url: 'http://a' }], retrys: {} }).success, false)
})

const https = [{ url: 'https://orders.example' }]
const waiver = { reason: 'a self-signed test rig', owner: 'Team Orders' }

test('TLS verification is off only with a waiver that holds', () => {
  assert.deepEqual(codes({ targets: https, tls: { verify: false } }), ['tls-unverified'])
  const until = (expires: string) => ({
    targets: https,
    tls: { verify: false, waiver: { ...waiver, expires } },
  })
  assert.deepEqual(codes(until('2023-11-14')), [], 'the last day counts')
  assert.deepEqual(codes(until('2023-11-13')), ['waiver-expired'])
  assert.deepEqual(codes({ targets: https, tls: { waiver: { ...waiver, expires: '2030-01-01' } } }), [
    'waiver-unused',
  ])
  for (const bad of [
    {},
    waiver,
    { ...waiver, reason: '', expires: '2030-01-01' },
    { ...waiver, expires: '2030-02-30' },
  ])
    assert.equal(
      upstreamSettings.safeParse({ targets: https, tls: { verify: false, waiver: bad } }).success,
      false,
    )
})

test('waivers that hold are listed, the next to end first', () => {
  const until = (expires: string) =>
    parse({ targets: https, tls: { verify: false, waiver: { ...waiver, expires } } })
  const list = listWaivers(
    {
      late: until('2023-12-01'),
      soon: until('2023-11-16'),
      gone: until('2023-01-01'),
      none: parse('https://a.example'),
    },
    clock,
  )
  assert.deepEqual(
    list.map(({ upstream, daysLeft }) => [upstream, daysLeft]),
    [
      ['soon', 2],
      ['late', 17],
    ],
  )
})

test('http beyond this machine and its private networks is a warning', () => {
  for (const url of [
    'http://127.0.0.1',
    'http://[::1]',
    'http://10.1.2.3',
    'http://localhost',
    'http://orders',
    'http://[fd00::1]',
    'http://orders.svc.internal',
  ])
    assert.deepEqual(codes(url), [], url)
  for (const url of ['http://orders.example', 'http://192.0.2.1', 'http://[2001:db8::1]']) {
    assert.deepEqual(codes(url), ['unencrypted-transit'], url)
    assert.equal(hasErrors(checkUpstream('orders', parse(url), clock)), false)
  }
})

test('settings that do nothing or contradict each other are errors', () => {
  const near = [{ url: 'http://127.0.0.1' }]
  assert.deepEqual(codes({ targets: near, tls: { servername: 'x' } }), ['ineffective-setting'])
  assert.deepEqual(codes({ targets: https, tls: { cert: 'a.pem' } }), ['upstream-tls'])
  assert.deepEqual(codes({ targets: [...near, ...near] }), ['duplicate-target'])
  assert.deepEqual(codes({ targets: near, timeouts: { total: '1s' } }), ['ineffective-setting'])
  assert.deepEqual(codes({ targets: near, timeouts: { idle: '0s' } }), ['endless-timeout'])
})

test('an environment that weakens TLS or parsing stops the start', () => {
  assert.deepEqual(checkEnvironment({}), [])
  assert.deepEqual(checkEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '1' }), [])
  assert.ok(hasErrors(checkEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })))
  assert.ok(hasErrors(checkEnvironment({ NODE_OPTIONS: '--max-old-space-size=1 --tls-min-v1.0' })))
  assert.ok(hasErrors(checkEnvironment({ NODE_OPTIONS: '--insecure-http-parser' })))
})
