import assert from 'node:assert/strict'
import { createServer, request as startRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { startGate, type RunningGate } from './start-gate.ts'

const person = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'integer' },
    email: { type: 'string', 'x-data-class': { class: 'pii.email', index: 'emailIndex' } },
    about: { type: 'string' },
  },
}
const contract = {
  openapi: '3.2.0',
  info: { title: 'People', version: '1.0.0' },
  paths: {
    '/people': {
      post: {
        operationId: 'importPeople',
        requestBody: {
          required: true,
          content: {
            'application/x-ndjson': { itemSchema: person },
            'application/json-seq': { itemSchema: person },
          },
        },
        responses: {
          200: { description: 'Done', content: { 'application/json': { schema: { type: 'object' } } } },
        },
      },
    },
  },
}

/** One request as it reaches the service. */
interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  text: string
  ended: boolean
  aborted: boolean
}

const arrivals: Arrival[] = []
let receive: (arrival: Arrival) => void = takeAll
const service = createServer((request, response) => {
  const arrival = { request, response, text: '', ended: false, aborted: false }
  arrivals.push(arrival)
  request.on('error', () => undefined).on('aborted', () => (arrival.aborted = true))
  receive(arrival)
})

/** Reads all of it, and answers at the end. */
function takeAll(arrival: Arrival): void {
  arrival.request
    .on('data', (chunk: Buffer) => (arrival.text += chunk.toString()))
    .on('end', () => {
      arrival.ended = true
      arrival.response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
}

let gate: RunningGate
before(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  gate = await startGate({
    contract,
    settings: {
      listen: { https: { host: '127.0.0.1', port: 0 }, http: { host: '127.0.0.1', port: 0 } },
      guards: { protocol: { maxBody: '64MB', maxItem: '100KB', json: { maxElements: 200_000 } } },
    },
    api: { upstream: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
    service: () => undefined,
  })
})
after(async () => {
  await gate[Symbol.asyncDispose]()
  service.closeAllConnections()
  service.close()
})

interface Upload {
  write(text: string): boolean
  onDrain(listener: () => void): void
  end(text?: string): void
  readonly socket: { destroy(): void }
  readonly answer: Promise<{ readonly status: number; readonly body: string; readonly id: string }>
}

/** Begins a request whose body says no length, unless one is named. */
function upload(fields: Readonly<Record<string, string | number>> = {}, through = gate): Upload {
  receive = takeAllUnlessSet()
  const request = startRequest({
    port: through.port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/people',
    headers: { 'x-api-key': through.key, 'content-type': 'application/x-ndjson', ...fields },
  })
  const answer = new Promise<Awaited<Upload['answer']>>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, id: String(response.headers['x-request-id']) }),
      )
    })
  })
  answer.catch(() => undefined)
  request.flushHeaders()
  return {
    write: (text) => request.write(text),
    onDrain: (listener) => request.on('drain', listener),
    end: (text) => request.end(text),
    socket: { destroy: () => request.destroy() },
    answer,
  }
}

let next: ((arrival: Arrival) => void) | undefined
function takeAllUnlessSet(): (arrival: Arrival) => void {
  const chosen = next ?? takeAll
  next = undefined
  return chosen
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    assert.ok(waited < 10_000, 'it did not come about')
    await sleep(10)
  }
}

function line(id: number, more: object = {}): string {
  return `${JSON.stringify({ id, email: `p${id}@example.com`, ...more })}\n`
}

const [wrong, notJson, sealed, attack] = [
  line(1, { id: 'x' }),
  '{"id":\n',
  line(1, { email: 'enc:v1:dk_000000000000:AAAA' }),
  line(1, { about: "1' union select password from users--" }),
]

describe('JSON lines without a declared length', () => {
  it('reach the service encrypted, line by line, while they still come', async () => {
    const count = arrivals.length
    const sent = upload()
    sent.write(line(1))
    await until(() => arrivals.length === count + 1 && arrivals[count]?.text.endsWith('\n') === true)
    const arrival = arrivals[count] as Arrival
    assert.equal(arrival.request.headers['transfer-encoding'], 'chunked')
    const [first] = arrival.text.trimEnd().split('\n')
    const stored = JSON.parse(first ?? '') as Record<string, unknown>
    assert.match(String(stored['email']), /^enc:v1:/)
    assert.match(String(stored['emailIndex']), /^[\w-]{43}$/)
    // Cut in the middle of a line, and the last one without a line feed.
    const rest = line(2) + '{ "id": 1e3 }'
    sent.write(rest.slice(0, 10))
    sent.end(rest.slice(10))
    const { status, id } = await sent.answer
    assert.equal(status, 200)
    assert.equal(arrival.text.split('\n').length, 4)
    assert.ok(arrival.text.endsWith('{ "id": 1e3 }\n'))
    assert.ok(!arrival.text.includes('example.com'))
    const record = await gate.record(id)
    const told = record.guards.map(({ guard, phase, note }) => `${guard} ${phase} ${note ?? ''}`)
    assert.ok(told.includes('field-encryption request-body encrypted 2 fields'), told.join('\n'))
  })

  for (const [what, text, status, code] of [
    ['does not keep the contract', wrong, 422, 'VALIDATION_ERROR'],
    ['is no JSON', notJson, 400, 'MALFORMED_BODY'],
    ['brings an envelope', sealed, 422, 'VALIDATION_ERROR'],
    ['is an attack', attack, 403, 'REQUEST_BLOCKED'],
    [
      'is too long',
      line(1, { about: 'x'.repeat(60_000), email: 'y'.repeat(50_000) }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ] as const) {
    it(`never reach the service where the first ${what}`, async () => {
      const count = arrivals.length
      const sent = upload()
      sent.write(text)
      const { status: told, body } = await sent.answer
      assert.equal(told, status, body)
      assert.equal((JSON.parse(body) as { code: string }).code, code)
      assert.equal(arrivals.length, count)
      sent.socket.destroy()
    })

    it(`end as a broken request for the service where a later one ${what}, and the client is told why`, async () => {
      const count = arrivals.length
      const sent = upload()
      sent.write(line(1) + line(2))
      await until(() => arrivals[count]?.text.split('\n').length === 3)
      sent.write(line(3))
      sent.write(text)
      sent.end(line(4))
      const { status: told, body, id } = await sent.answer
      assert.equal(told, status, body)
      assert.equal((JSON.parse(body) as { code: string }).code, code)
      const arrival = arrivals[count] as Arrival
      await until(() => arrival.aborted)
      assert.equal(arrival.ended, false)
      assert.ok(!arrival.text.includes('example.com'))
      const record = await gate.record(id)
      assert.equal(record.code, code)
    })
  }

  it('are told which item was wrong, and which rule an attack met', async () => {
    const sent = upload()
    sent.write(line(1) + line(2) + wrong)
    sent.end()
    const record = await gate.record((await sent.answer).id)
    assert.match(record.reason ?? '', /body \/2\/id/)
    const other = upload()
    other.write(line(1) + attack)
    other.end()
    const { waf, guards } = await gate.record((await other.answer).id)
    assert.ok(
      waf?.rules.some(({ at }) => at === 'ARGS:json.about'),
      JSON.stringify(waf),
    )
    assert.ok(guards.some(({ guard, verdict }) => guard === 'waf' && verdict === 'refuse'))
  })

  it('are refused where they are more than the elements that are allowed', async () => {
    const sent = upload()
    for (let block = 0; block < 201; block++) sent.write('{"id":1}\n'.repeat(1_000))
    sent.end()
    const { status, body } = await sent.answer
    assert.equal(status, 400, body)
  })

  it('are a broken request for the service where the client goes away', async () => {
    const count = arrivals.length
    const sent = upload()
    sent.write(line(1))
    await until(() => (arrivals[count]?.text ?? '') !== '')
    sent.socket.destroy()
    await until(() => arrivals[count]?.aborted === true)
    assert.equal(arrivals[count]?.ended, false)
  })

  it('wait for a service that does not read', async () => {
    next = () => undefined
    const sent = upload()
    const block = line(1, { about: 'x'.repeat(5_000) })
    let written = 0
    const more = (): void => {
      for (let room = true; room && written < 50_000_000; written += block.length) room = sent.write(block)
    }
    sent.onDrain(more)
    more()
    let before = -1
    while (before !== written) {
      before = written
      await sleep(300)
    }
    assert.ok(written < 20_000_000, `${written} bytes`)
    sent.socket.destroy()
    for (const { response } of arrivals) response.destroy()
  })

  it('give way to a service that answers before it has them all', async () => {
    next = ({ request, response }) => {
      request.once('data', () => {
        response
          .writeHead(200, { 'content-type': 'application/json', connection: 'close' })
          .end('{"enough":true}')
      })
    }
    const sent = upload()
    sent.write(line(1))
    const { status, body } = await sent.answer
    assert.deepEqual([status, body], [200, '{"enough":true}'])
    sent.end(line(2))
  })

  it('are missing where there are none', async () => {
    const sent = upload()
    sent.end()
    assert.equal((await sent.answer).status, 422)
  })

  it('flow by HTTP/2 too', async () => {
    const count = arrivals.length
    receive = takeAll
    const session = connectHttp2(gate.gateway.addresses.https ?? '', { rejectUnauthorized: false })
    const stream = session.request({
      ':path': '/people',
      ':method': 'POST',
      'x-api-key': gate.key,
      'content-type': 'application/x-ndjson',
    })
    let status: unknown
    stream.on('response', (fields) => (status = fields[':status']))
    stream.on('error', () => undefined)
    stream.write(line(1))
    await until(() => (arrivals[count]?.text ?? '') !== '')
    stream.end(wrong)
    await until(() => status !== undefined)
    assert.equal(status, 422)
    await until(() => arrivals[count]?.aborted === true)
    session.destroy()
  })
})

describe('JSON lines with a declared length', () => {
  const send = async (text: string | Buffer, fields: Readonly<Record<string, string>> = {}) => {
    const sent = upload({ 'content-length': Buffer.byteLength(text), ...fields })
    sent.end(text as string)
    return sent.answer
  }

  it('are held whole while they are short, so that one that is wrong refuses them all', async () => {
    const count = arrivals.length
    assert.equal((await send(line(1).repeat(2_000) + wrong)).status, 422)
    assert.equal(arrivals.length, count)
    assert.equal((await send(line(1) + line(2))).status, 200)
    assert.equal(arrivals[count]?.text.trimEnd().split('\n').length, 2)
  })

  it('are shown to the rules one by one all the same', async () => {
    const count = arrivals.length
    const { status, id } = await send(line(1) + attack + line(2))
    assert.equal(status, 403)
    assert.equal(arrivals.length, count)
    const { waf } = await gate.record(id)
    assert.ok(
      waf?.rules.some(({ at }) => at === 'ARGS:json.about'),
      JSON.stringify(waf),
    )
  })

  it('flow when they are long', async () => {
    const count = arrivals.length
    const many = Array.from({ length: 1_500 }, (_, id) => line(id, { about: 'x'.repeat(1_000) })).join('')
    assert.equal((await send(many)).status, 200)
    const arrival = arrivals[count] as Arrival
    assert.equal(arrival.request.headers['content-length'], undefined)
    const stored = arrival.text.trimEnd().split('\n')
    assert.equal(stored.length, 1_500)
    for (const text of stored) assert.match((JSON.parse(text) as { email: string }).email, /^enc:v1:/)
    assert.equal((await send(many + wrong)).status, 422)
    await until(() => arrivals[count + 1]?.aborted === true)
    assert.equal(arrivals[count + 1]?.ended, false)
  })

  it('are held whole in a content coding', async () => {
    const count = arrivals.length
    const answer = await send(gzipSync(line(1) + line(2)), { 'content-encoding': 'gzip' })
    assert.equal(answer.status, 200, answer.body)
    assert.equal(arrivals[count]?.text.trimEnd().split('\n').length, 2)
  })
})

describe('JSON lines past guards in shadow', () => {
  it('go on as they came, whatever they are', async () => {
    const mode = { mode: 'shadow' }
    await using watching = await startGate({
      contract,
      settings: { guards: { validation: mode, waf: mode, 'field-encryption': mode } },
      api: { upstream: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
      service: () => undefined,
    })
    const count = arrivals.length
    for (const text of [notJson, wrong, attack, sealed]) {
      const sent = upload({}, watching)
      sent.write(line(1))
      sent.end(text)
      const { status, body } = await sent.answer
      assert.equal(status, 200, body)
      assert.equal(arrivals.at(-1)?.text, line(1) + text)
    }
    assert.equal(arrivals.length, count + 4)
  })
})

describe('a JSON sequence', () => {
  it('flows text by text', async () => {
    const count = arrivals.length
    const sent = upload({ 'content-type': 'application/json-seq' })
    sent.write(`\u001e${line(1)}\u001e${line(2).slice(0, 9)}`)
    await until(() => (arrivals[count]?.text ?? '') !== '')
    sent.end(line(2).slice(9))
    assert.equal((await sent.answer).status, 200)
    const texts = arrivals[count]?.text.split('\u001e') ?? []
    assert.deepEqual(
      texts.map((text) => text.length > 50 && text.includes('enc:v1:') && text.endsWith('\n')),
      [false, true, true],
    )
  })
})

describe('many uploads at once', () => {
  it('cut off at any byte leave no request that looks whole', async () => {
    const count = arrivals.length
    const text = line(1) + line(2) + line(3)
    const head = `POST /people HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${gate.key}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`
    const whole = `${head}${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
    receive = takeAll
    for (let length = head.length; length < whole.length; length += 5) {
      const socket = connect(gate.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise<void>((resolve) => socket.write(whole.slice(0, length), () => resolve()))
      await sleep(2)
      socket.destroy()
    }
    await sleep(500)
    for (const arrival of arrivals.slice(count)) assert.equal(arrival.ended, false)
  })
})
