import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '@gateward/kernel'
import { until } from '../../../delivery/testing-until.ts'
import { exampleRefusal, exampleRequest } from '../../../observe/events/testing.ts'
import { withReferences } from '../../../settings/references.ts'
import { createAuthority } from '../../../upstream/testing-certificate.ts'
import { createSink } from '../../create-sink.ts'
import { eventSettings, type SinkSettings } from '../../settings.ts'
import type { Sink, SinkOptions } from '../../sink.ts'
import { startKafka, type TestKafka } from './testing-kafka.ts'
import { startLibrdkafka, whyNoLibrdkafka } from './testing-librdkafka.ts'

describe('an outage of Kafka', { concurrency: true }, () => {
  it('loses no event: each is counted at brokers that are killed and started again', async () => {
    await using kafka = await startKafka({ nodes: 3, partitions: 6 })
    const changes: boolean[] = []
    await using sink = openSink(kafka, { requests: true, key: 'consumer' }, (reachable) =>
      changes.push(reachable),
    )
    receive(sink, 0, 200)
    await until(() => kafka.records().length >= 200)
    receive(sink, 200, 100)
    await kafka.kill()
    receive(sink, 300, 500)
    await until(() => changes.includes(false))
    receive(sink, 800, 200)
    await kafka.start()
    await until(() => numbersOf(kafka).size >= 1_000)
    await until(() => changes.includes(true))
    assert.deepEqual(changes, [false, true])
    assert.deepEqual(kafka.violations, [])
  })

  it('loses no event over a restart of the gateway', async () => {
    await using kafka = await startKafka()
    await kafka.kill()
    const folder = makeFolder()
    const first = openSink(kafka, {}, undefined, { folder })
    receive(first, 0, 300)
    await first[Symbol.asyncDispose]()
    await kafka.start()
    await using second = openSink(kafka, {}, undefined, { folder })
    receive(second, 300, 100)
    await until(() => kafka.records().length >= 400)
    assert.deepEqual(
      [...numbersOf(kafka)],
      Array.from({ length: 400 }, (_, number) => number),
    )
  })

  it('that keeps in-sync replicas away is waited for, and told of by its name', async () => {
    await using kafka = await startKafka()
    const reasons: string[] = []
    kafka.cluster.refuse = () => 'notEnoughReplicas'
    await using sink = openSink(kafka, {}, (_, reason) => reasons.push(reason))
    receive(sink, 0, 10)
    await until(() => reasons.length > 0)
    kafka.cluster.refuse = () => undefined
    await until(() => kafka.records().length >= 10)
    assert.match(reasons[0] ?? '', /Kafka: NOT_ENOUGH_REPLICAS/)
  })

  it('of one broker is none where another one knows the others', async () => {
    await using kafka = await startKafka({ nodes: 2, partitions: 1 })
    kafka.cluster.partitions[0]!.leader = 1
    await kafka.nodes[0]?.kill()
    await using sink = openSink(kafka, {}, failOnChange)
    receive(sink, 0, 10)
    await until(() => kafka.records().length >= 10)
  })

  it('is none where brokers end connections that rested', async () => {
    await using kafka = await startKafka({ nodes: 2, partitions: 2 })
    await using sink = openSink(kafka, { key: 'consumer' }, failOnChange)
    for (let round = 0; round < 4; round++) {
      receive(sink, round * 20, 20)
      await until(() => sink.waiting === 0)
      for (const node of kafka.nodes) node.endConnections()
    }
    assert.equal(kafka.records().length, 80)
    assert.ok((kafka.nodes[0]?.connections ?? 0) > 2)
  })

  it('of a broker that takes connections and says nothing ends with the deadline, at the next broker', async () => {
    await using kafka = await startKafka({ nodes: 2, partitions: 1 })
    kafka.cluster.partitions[0]!.leader = 1
    kafka.nodes[0]!.isSilent = true
    await using sink = openSink(kafka, { deadline: '300ms' }, () => {})
    receive(sink, 0, 10)
    await until(() => kafka.records().length >= 10)
    assert.ok((kafka.nodes[0]?.connections ?? 0) > 0)
  })
})

describe('order', { concurrency: true }, () => {
  it('is kept in a partition, and for each key over all of them', async () => {
    for (const [key, partitions] of [
      ['none', 1],
      ['api', 4],
      ['consumer', 4],
    ] as const) {
      await using kafka = await startKafka({ nodes: 2, partitions })
      await using sink = openSink(kafka, { requests: true, key })
      for (let round = 0; round < 5; round++) {
        receive(sink, round * 200, 200)
        await until(() => sink.waiting === 0)
      }
      for (const { records } of kafka.cluster.partitions)
        for (const group of Object.values(Object.groupBy(records, ({ key }) => key ?? ''))) {
          const numbers = (group ?? []).map(({ value }) => numberIn(value))
          assert.deepEqual(
            numbers,
            numbers.toSorted((left, right) => left - right),
          )
        }
      assert.equal(numbersOf(kafka).size, 1_000)
    }
  })

  it('puts what has the same key into one partition, where other clients put it, too', async () => {
    await using kafka = await startKafka({ nodes: 2, partitions: 8 })
    await using sink = openSink(kafka, { requests: true, key: 'consumer' })
    receive(sink, 0, 200)
    await until(() => kafka.records().length >= 200)
    const places = Object.groupBy(
      kafka.cluster.partitions.flatMap(({ records }, index) => records.map(({ key }) => ({ key, index }))),
      ({ key }) => key ?? '',
    )
    for (const [key, found] of Object.entries(places))
      assert.deepEqual([...new Set(found?.map(({ index }) => index))], [partitionsByJava[key]])
    assert.deepEqual(Object.keys(places).toSorted(), Object.keys(partitionsByJava))
  })

  it('survives an answer that never came: the batch is known again and not written twice', async () => {
    await using kafka = await startKafka()
    kafka.nodes[0]!.answersToLose = 1
    const changes: boolean[] = []
    await using sink = openSink(kafka, {}, (reachable) => changes.push(reachable))
    receive(sink, 0, 50)
    await until(() => sink.waiting === 0)
    assert.deepEqual(
      [...numbersOf(kafka)],
      Array.from({ length: 50 }, (_, number) => number),
    )
    assert.equal(kafka.records().length, 50)
    assert.deepEqual([kafka.cluster.partitions[0]?.repeated, changes], [1, []])
  })

  it('follows a leader that moved, without a pause and without a repetition', async () => {
    await using kafka = await startKafka({ nodes: 3, partitions: 1 })
    await using sink = openSink(kafka, {}, failOnChange)
    for (let round = 0; round < 6; round++) {
      receive(sink, round * 20, 20)
      await until(() => sink.waiting === 0)
      kafka.cluster.partitions[0]!.leader = (round + 1) % 3
    }
    assert.deepEqual(
      kafka.records().map(({ value }) => numberIn(value)),
      Array.from({ length: 120 }, (_, number) => number),
    )
    assert.equal(kafka.cluster.partitions[0]?.repeated, 0)
  })
})

describe('a message', { concurrency: true }, () => {
  it('that is too large is counted with the reason, and those around it arrive', async () => {
    for (const key of ['none', 'consumer']) {
      await using kafka = await startKafka({ nodes: 2, partitions: 4 })
      kafka.cluster.maximum = 4_000
      const lost: [number, string][] = []
      await using sink = openSink(kafka, { key, compression: 'none' }, undefined, {
        onLost: (count, reason) => lost.push([count, reason]),
      })
      receive(sink, 0, 60)
      sink.receive([event(60, 'x'.repeat(5_000))])
      receive(sink, 61, 60)
      await until(() => numbersOf(kafka).size >= 120 && lost.length > 0)
      assert.equal(numbersOf(kafka).has(60), false)
      assert.deepEqual(lost, [
        [1, 'the receiver refused them for ever: the brokers take no message as large'],
      ])
      assert.deepEqual(kafka.violations, [])
    }
  })

  it('is in every format and compression what the sink was told to write', async () => {
    for (const [format, compression, start] of [
      ['ocsf', 'none', '{"activity_id":'],
      ['ecs', 'gzip', '{"@timestamp":'],
      ['cef', 'zstd', 'CEF:0|Gateward'],
      ['json', 'gzip', '{"kind":'],
    ] as const) {
      for (const age of ['current', 'old'] as const) {
        await using kafka = await startKafka({ age })
        await using sink = openSink(kafka, { format, compression, key: 'api', idempotent: age === 'current' })
        receive(sink, 0, 20)
        await until(() => kafka.records().length >= 20)
        assert.ok(kafka.records().every(({ value, key }) => value.startsWith(start) && key === 'shop'))
        assert.deepEqual([...new Set(kafka.cluster.batches.map((batch) => batch.compression))], [compression])
        assert.deepEqual(kafka.violations, [])
      }
    }
  })

  it(
    'is taken by the cluster of librdkafka, and read by its consumer',
    { skip: whyNoLibrdkafka },
    async () => {
      for (const compression of ['none', 'gzip', 'zstd']) {
        await using cluster = await startLibrdkafka('security-events', 3)
        const written = { key: 'consumer', compression, format: 'ecs' }
        await using sink = openSink(
          { brokers: cluster.brokers, topic: 'security-events' },
          written,
          failOnChange,
        )
        for (let round = 0; round < 5; round++) {
          receive(sink, round * 200, 200)
          await until(() => sink.waiting === 0)
        }
        await until(() => cluster.lines().length >= 1_000)
        const lines = cluster.lines().map((line) => line.split('\t'))
        assert.deepEqual(
          lines.map(([, , value = '']) => numberIn(value)).toSorted((left, right) => left - right),
          Array.from({ length: 1_000 }, (_, number) => number),
        )
        for (const [key, , value = ''] of lines) assert.equal(`consumer-${numberIn(value) % 7}`, key)
      }
    },
  )

  it('has no key where it belongs to nothing', async () => {
    await using kafka = await startKafka({ partitions: 3 })
    await using sink = openSink(kafka, { key: 'api' })
    sink.receive([{ kind: 'state', time: 1, state: 'ready' }, event(1)])
    await until(() => kafka.records().length >= 2)
    assert.deepEqual(new Set(kafka.records().map(({ key }) => key)), new Set(['shop', undefined]))
  })
})

describe('the way to the brokers', { concurrency: true }, () => {
  const login = { username: 'gate,w=rd', password: 'secret-token' } as const

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)
    for (const age of ['current', 'old'] as const)
      it(`is a login by ${mechanism} over TLS with a client certificate, at a broker that is ${age}`, async () => {
        const files = await certificateFiles()
        const tls = { ...files.server, requestCert: true, rejectUnauthorized: true }
        await using kafka = await startKafka({ tls, age, login: { ...login, mechanism } })
        const written = { ...saslSettings(mechanism), tls: files.client }
        await using sink = openSink(kafka, written, failOnChange)
        receive(sink, 0, 20)
        await until(() => kafka.records().length >= 20)
        assert.deepEqual(kafka.violations, [])
      })

  it('is closed where the certificate is not from the authority, and is for another name', async () => {
    const [ours, theirs] = [await certificateFiles(), await certificateFiles()]
    const elsewhere = await certificateFiles(['kafka.example'])
    for (const [server, ca, reason] of [
      [theirs.server, ours.client.ca, /Kafka: .*certificate signature failure/],
      [elsewhere.server, elsewhere.client.ca, /Kafka: .*(?:does not match|not in the cert's list)/],
    ] as const) {
      await using kafka = await startKafka({ tls: server, login: { ...login, mechanism: 'PLAIN' } })
      const reasons: string[] = []
      const written = { ...saslSettings('PLAIN'), tls: { ca } }
      await using sink = openSink(kafka, written, (_, reason) => reasons.push(reason))
      receive(sink, 0, 1)
      await until(() => reasons.length > 0)
      assert.match(reasons[0] ?? '', reason)
      assert.deepEqual(kafka.nodes[0]?.requests, [])
    }
  })

  it('is told of where the password is wrong, whatever the broker does to the connection, and nothing is lost', async () => {
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-512'] as const) {
      await using kafka = await startKafka({ login: { ...login, mechanism, password: 'another' } })
      const reasons: string[] = []
      await using sink = openSink(kafka, saslSettings(mechanism), (_, reason) => reasons.push(reason))
      receive(sink, 0, 10)
      await until(() => reasons.length > 0 && (kafka.nodes[0]?.connections ?? 0) >= 3)
      assert.match(
        reasons[0] ?? '',
        /Kafka: the login of gate,w=rd was refused: the name or the password is wrong/,
      )
      assert.doesNotMatch(reasons.join(), /secret-token/)
      assert.ok(sink.waiting > 0)
      assert.deepEqual(kafka.violations, [])
    }
  })

  it('ends on this machine where there is no TLS, whatever a broker says of others', async () => {
    await using kafka = await startKafka({ advertised: 'kafka.example' })
    const reasons: string[] = []
    await using sink = openSink(kafka, {}, (_, reason) => reasons.push(reason))
    receive(sink, 0, 10)
    await until(() => reasons.length > 0)
    assert.match(
      reasons[0] ?? '',
      /Kafka: kafka\.example is another machine, and nothing is sent there without TLS/,
    )
    assert.ok(!kafka.nodes[0]?.requests.includes('Produce'))
  })

  it('is told of where a broker is too old', async () => {
    await using kafka = await startKafka({ age: 'ancient' })
    const reasons: string[] = []
    await using sink = openSink(kafka, {}, (_, reason) => reasons.push(reason))
    receive(sink, 0, 10)
    await until(() => reasons.length > 0)
    assert.match(reasons[0] ?? '', /speaks Produce 0 to 5, and not 7: is it Kafka 2\.1 or later\?/)
  })

  it('withstands brokers that answer with anything at all', async () => {
    const answers = [
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      Buffer.from([0x15, 3, 3, 0, 2, 2, 40]),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1]),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 1]),
      Buffer.from([0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0xff, 0xff]),
    ]
    for (const answer of answers) {
      await using broker = await startListener((socket) => socket.on('data', () => socket.write(answer)))
      const reasons: string[] = []
      const sinkOf = { brokers: [`127.0.0.1:${broker.port}`], topic: 'security-events' }
      await using sink = openSink(sinkOf, { deadline: '300ms' }, (_, reason) => reasons.push(reason))
      receive(sink, 0, 10)
      await until(() => reasons.length > 0)
      assert.match(reasons[0] ?? '', /^Kafka: /)
      assert.ok(sink.waiting > 0)
    }
  })
})

describe('the settings of Kafka', () => {
  it('are refused where they cannot work, or would speak in the clear', () => {
    const good = { brokers: ['kafka.example:9093'], topic: 'security-events' }
    assert.equal(readSettings({ kafka: good }).kafka?.idempotent, true)
    for (const change of [
      { brokers: [] },
      { brokers: ['kafka.example'] },
      { brokers: ['kafka.example:0'] },
      { brokers: ['kafka://kafka.example:9093'] },
      { brokers: ['[::g]:9093'] },
      { topic: '' },
      { topic: 'a b' },
      { topic: '..' },
      { tls: false },
      { tls: true },
      { tls: { cert: './cert.pem' } },
      { tls: { rejectUnauthorized: false } },
      { sasl: { mechanism: 'plain', username: 'gateward', password: 'secret-token' } },
      { sasl: { mechanism: 'gssapi', username: 'gateward', password: 'env:TOKEN' } },
      { acks: 1 },
      { compression: 'lz4' },
    ])
      assert.throws(() => readSettings({ kafka: { ...good, ...change } }), JSON.stringify(change))
    for (const broker of ['localhost:9092', '127.0.0.1:9092', '[::1]:9092'])
      assert.equal(readSettings({ kafka: { ...good, brokers: [broker], tls: false } }).kafka?.tls, false)
  })
})

/** Where Java's client puts a key of these among eight partitions: its murmur2, the sign bit cut off. */
const partitionsByJava: Readonly<Record<string, number>> = {
  'consumer-0': 7,
  'consumer-1': 7,
  'consumer-2': 7,
  'consumer-3': 5,
  'consumer-4': 2,
  'consumer-5': 7,
  'consumer-6': 4,
}

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function openSink(
  { brokers, topic }: Pick<TestKafka, 'brokers' | 'topic'>,
  { format, requests, ...kafka }: Readonly<Record<string, unknown>>,
  onChange: SinkOptions['onChange'] = () => {},
  changes: Partial<SinkOptions> = {},
): Sink {
  return createSink(readSettings({ format, requests, kafka: { brokers, topic, tls: false, ...kafka } }), {
    folder: makeFolder(),
    host: 'gate-1',
    version: '0.1.0',
    clock: systemClock,
    onLost: (lost, reason) => assert.fail(`${lost} lost: ${reason}`),
    onChange,
    ...changes,
  })
}

function readSettings(written: object): SinkSettings {
  const settings = withReferences({ env: { TOKEN: 'secret-token' }, directory: '.' }, () =>
    eventSettings.parse({ sinks: { siem: written } }),
  )
  return settings.sinks['siem'] as SinkSettings
}

function saslSettings(mechanism: string): Readonly<Record<string, unknown>> {
  return { sasl: { mechanism: mechanism.toLowerCase(), username: 'gate,w=rd', password: 'env:TOKEN' } }
}

function failOnChange(_reachable: boolean, reason: string): void {
  assert.fail(reason)
}

function receive(sink: Sink, from: number, count: number): void {
  sink.receive(Array.from({ length: count }, (_, number) => event(from + number)))
}

function event(number: number, reason = 'the API key is unknown') {
  const consumer = `consumer-${number % 7}`
  return exampleRefusal({
    reason,
    request: exampleRequest({ requestId: `number-${number}-`, consumer }),
  })
}

function numbersOf(kafka: TestKafka): ReadonlySet<number> {
  return new Set(kafka.records().map(({ value }) => numberIn(value)))
}

function numberIn(value: string): number {
  return Number(/number-(\d+)-/.exec(value)?.[1])
}

async function startListener(onSocket: Parameters<typeof createServer>[1] & object) {
  const server = createServer(onSocket)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

async function certificateFiles(names: readonly string[] = ['127.0.0.1']) {
  const folder = makeFolder()
  const authority = await createAuthority()
  const [server, client] = [await authority.issue(names), await authority.issue(['gateward'])]
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  return {
    server: { cert: server.cert, key: server.key, ca: authority.cert },
    client: {
      ca: write('ca.pem', authority.cert),
      cert: write('cert.pem', client.cert),
      key: write('key.pem', client.key),
    },
  }
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-kafka-'))
  folders.push(folder)
  return folder
}
