import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '@gateward/kernel'
import { startReceiver, type Received } from '../alerting/testing.ts'
import { until } from '../delivery/testing-until.ts'
import type { GatewardEvent } from '../observe/events/event.ts'
import { exampleRefusal, exampleRequest } from '../observe/events/testing.ts'
import { withReferences } from '../settings/references.ts'
import { createAuthority } from '../upstream/testing-certificate.ts'
import { eventSettings, type SinkSettings } from './settings.ts'
import { createSink } from './create-sink.ts'
import type { Sink, SinkOptions } from './sink.ts'
import { startRsyslog, whyNoRsyslog } from './testing-rsyslog.ts'

describe('an outage of the receiver', () => {
  it(
    'loses no event: every one is counted at a real rsyslog that is killed and started again',
    { skip: whyNoRsyslog, timeout: 60_000 },
    async () => {
      const { certificate, key, ca } = await certificateFiles()
      await using rsyslog = await startRsyslog({ ca, certificate, key })
      const changes: boolean[] = []
      const syslog = { host: '127.0.0.1', port: rsyslog.port, ca }
      await using sink = openSink(
        { format: 'ocsf', syslog },
        { onChange: (reachable) => changes.push(reachable) },
      )
      const send = (from: number, count: number) =>
        sink.receive(Array.from({ length: count }, (_, number) => refusal(from + number)))
      send(0, 200)
      await until(() => rsyslog.lines().length >= 200)
      send(200, 100)
      await rsyslog.kill()
      send(300, 500)
      await until(() => changes.includes(false))
      send(800, 200)
      await rsyslog.start()
      await until(() => numbersIn(rsyslog.lines()).size >= 1_000)
      assert.equal(numbersIn(rsyslog.lines()).size, 1_000)
      assert.ok(rsyslog.lines().every((line) => line.startsWith('gateward ')))
      await until(() => changes.includes(true))
      assert.deepEqual(changes, [false, true])
    },
  )

  it('loses no event over a restart of the gateway, and none twice where the receiver knows ids', async () => {
    const stored = new Map<string, string>()
    let isUp = false
    await using receiver = await startReceiver(({ path, headers, body }) => {
      assert.deepEqual([path, headers['content-type']], ['/logs/_bulk', 'application/x-ndjson'])
      return isUp ? bulkAnswer(body, stored) : { status: 503 }
    })
    const folder = makeFolder()
    const settings = { format: 'ecs', elasticsearch: { url: receiver.url, index: 'logs' } }
    const first = openSink(settings, { folder })
    first.receive(Array.from({ length: 300 }, (_, number) => refusal(number)))
    await until(() => receiver.received.length > 0)
    await first[Symbol.asyncDispose]()
    isUp = true
    await using second = openSink(settings, { folder })
    second.receive(Array.from({ length: 100 }, (_, number) => refusal(300 + number)))
    await until(() => stored.size >= 400)
    assert.equal(numbersIn([...stored.values()]).size, 400)
    await until(() => second.waiting === 0)
  })

  it('stops nobody: events are taken at once while the receiver hangs, and what has no room is counted', async () => {
    const lost: number[] = []
    await using receiver = await startReceiver(() => ({ status: 500 }))
    await using sink = openSink(
      { queue: '64KB', http: { url: receiver.url } },
      { onLost: (count) => lost.push(count) },
    )
    for (let round = 0; round < 50; round++)
      sink.receive(Array.from({ length: 20 }, (_, number) => refusal(number)))
    assert.ok(sink.waiting <= 65_536)
    assert.equal(lost.length, 1)
    assert.ok((lost[0] ?? 0) > 0)
  })
})

describe('a receiver', () => {
  it('gets what was refused and found, and each exchange only where that is asked for', async () => {
    for (const requests of [false, true]) {
      await using receiver = await startReceiver(() => ({ status: 200 }))
      await using sink = openSink({ requests, http: { url: receiver.url, authorization: 'env:TOKEN' } })
      sink.receive([exampleRequest(), refusal(1), { kind: 'state', time: 1, state: 'ready' }])
      await receiver.waitFor(1)
      await until(() => sink.waiting === 0)
      const lines = receiver.received.flatMap(({ body }) => body.trimEnd().split('\n'))
      const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind)
      assert.deepEqual(kinds, [...(requests ? ['request'] : []), 'authentication-failed', 'state'])
      assert.equal(receiver.received[0]?.headers.authorization, 'secret-token')
    }
  })

  it('is Splunk, where the collector takes each event with its token', async () => {
    await using receiver = await startReceiver(splunkAnswer)
    await using sink = openSink({
      format: 'cef',
      splunk: { url: receiver.url, token: 'env:TOKEN', index: 'security' },
    })
    sink.receive([refusal(1), refusal(2)])
    await until(() => sink.waiting === 0)
    const [received] = receiver.received
    const events = (received?.body ?? '')
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)
    assert.deepEqual(
      events.map(({ index, event }) => [index, event?.slice(0, 6)]),
      [
        ['security', 'CEF:0|'],
        ['security', 'CEF:0|'],
      ],
    )
  })

  it('is Loki, with a stream of labels that stay few, and times that only grow', async () => {
    await using receiver = await startReceiver(lokiAnswer)
    await using sink = openSink({ loki: { url: receiver.url, tenant: 'ops' } })
    sink.receive([refusal(1), refusal(2)])
    await until(() => sink.waiting === 0)
    assert.equal(receiver.received[0]?.headers['x-scope-orgid'], 'ops')
  })

  it('that refuses for ever is told of once, and the rest goes on', async () => {
    const lost: [number, string][] = []
    await using receiver = await startReceiver((_, number) =>
      number === 1 ? { status: 400, body: 'no such field' } : { status: 204 },
    )
    await using sink = openSink(
      { http: { url: receiver.url } },
      { onLost: (count, reason) => lost.push([count, reason]) },
    )
    sink.receive([refusal(1)])
    await until(() => lost.length === 1)
    sink.receive([refusal(2)])
    await receiver.waitFor(2)
    const reason = 'the receiver refused them for ever: the HTTP sink answered 400: no such field'
    assert.deepEqual(lost, [[1, reason]])
  })

  it('is a file that is rotated, of which as many are kept as asked for', async () => {
    const folder = makeFolder()
    const path = join(folder, 'events.log')
    await using sink = openSink({ file: { path, maxSize: '4KB', keep: 2 } })
    for (let round = 0; round < 12; round++) {
      sink.receive([refusal(round), refusal(round)])
      await until(() => sink.waiting === 0)
    }
    const names = readdirSync(folder).sort()
    assert.deepEqual(names, ['events.log', 'events.log.1', 'events.log.2'])
    assert.equal(numbersIn(readFileSync(path, 'utf8').split('\n')).has(11), true)
  })
})

describe('the settings of sinks', () => {
  it('take one receiver each, over TLS', () => {
    for (const sink of [
      {},
      { http: { url: 'http://siem.example' } },
      { http: { url: 'https://a.example' }, stdout: true },
      { stdout: false },
      { syslog: { host: 'siem.example', port: 514, plain: true } },
      { elasticsearch: { url: 'https://a.example', index: 'UPPER' } },
    ])
      assert.throws(() => readSettings(sink), JSON.stringify(sink))
    assert.equal(readSettings({ http: { url: 'https://a.example' } }).queue, 268_435_456)
  })
})

const opened: string[] = []
after(() => opened.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function openSink(written: object, changes: Partial<SinkOptions> = {}): Sink {
  return createSink(readSettings(written), {
    folder: makeFolder(),
    host: 'gate-1',
    version: '0.1.0',
    clock: systemClock,
    onLost: (lost, reason) => assert.fail(`${lost} lost: ${reason}`),
    onChange: () => {},
    ...changes,
  })
}

function readSettings(written: object): SinkSettings {
  const settings = withReferences({ env: { TOKEN: 'secret-token' }, directory: '.' }, () =>
    eventSettings.parse({ sinks: { siem: written } }),
  )
  return settings.sinks['siem'] as SinkSettings
}

function refusal(number: number): GatewardEvent {
  return exampleRefusal({ time: Date.now(), request: exampleRequest({ requestId: `number-${number}-` }) })
}

function numbersIn(lines: readonly string[]): ReadonlySet<number> {
  return new Set(
    lines.flatMap((line) => [...line.matchAll(/number-(\d+)-/g)].map(([, number]) => Number(number))),
  )
}

function bulkAnswer(body: string, stored: Map<string, string>): { status: number; body: string } {
  const lines = body.trimEnd().split('\n')
  const items = []
  for (let index = 0; index < lines.length; index += 2) {
    const { create } = JSON.parse(lines[index] ?? '') as { create: { _id: string } }
    const document = JSON.parse(lines[index + 1] ?? '') as Record<string, unknown>
    if (document['@timestamp'] === undefined) return { status: 400, body: 'a data stream needs @timestamp' }
    items.push({ create: { _id: create._id, status: stored.has(create._id) ? 409 : 201 } })
    stored.set(create._id, lines[index + 1] ?? '')
  }
  const errors = items.some(({ create }) => create.status !== 201)
  return { status: 200, body: JSON.stringify({ took: 1, errors, items }) }
}

function splunkAnswer({ path, headers, body }: Received): { status: number; body: string } {
  if (path !== '/services/collector/event') return { status: 404, body: '' }
  if (headers.authorization !== 'Splunk secret-token')
    return { status: 403, body: '{"text":"Invalid token","code":4}' }
  const isValid = body
    .split('\n')
    .every((line) => (JSON.parse(line) as { event?: unknown }).event !== undefined)
  return isValid
    ? { status: 200, body: '{"text":"Success","code":0}' }
    : { status: 400, body: '{"text":"No data","code":5}' }
}

function lokiAnswer({ path, body }: Received): { status: number; body?: string } {
  if (path !== '/loki/api/v1/push') return { status: 404 }
  const { streams } = JSON.parse(body) as {
    streams: { stream: Record<string, string>; values: [string, string][] }[]
  }
  const times = streams.flatMap(({ values }) => values.map(([time]) => BigInt(time)))
  const isValid =
    times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0n)) &&
    Object.keys(streams[0]?.stream ?? {}).length <= 3
  return isValid ? { status: 204 } : { status: 400, body: 'out of order' }
}

async function certificateFiles() {
  const folder = makeFolder()
  const authority = await createAuthority()
  const { cert, key } = await authority.issue(['127.0.0.1'])
  const files = {
    ca: join(folder, 'ca.pem'),
    certificate: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
  }
  writeFileSync(files.ca, authority.cert)
  writeFileSync(files.certificate, cert)
  writeFileSync(files.key, key)
  return files
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-sink-'))
  opened.push(folder)
  return folder
}
