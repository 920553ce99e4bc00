import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect, constants } from 'node:http2'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  brotliCompressSync,
  constants as zlib,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { request } from 'undici'
import { startGate, type RunningGate } from './start-gate.ts'

const person = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    email: { type: 'string', 'x-data-class': { class: 'pii.email', index: 'emailIndex' } },
    secret: { type: 'string', writeOnly: true },
  },
}
const list = { type: 'array', items: person }
const contract = {
  openapi: '3.1.0',
  info: { title: 'People', version: '1.0.0' },
  paths: {
    '/people': {
      post: {
        operationId: 'addPerson',
        requestBody: { content: { 'application/json': { schema: person } } },
        responses: { 204: { description: 'Added' } },
      },
      get: {
        operationId: 'listPeople',
        responses: {
          200: {
            description: 'All',
            content: {
              'application/json': { schema: list },
              'application/x-ndjson': { schema: list },
              'application/json-seq': { itemSchema: person },
            },
          },
        },
      },
    },
  },
}

type Write = (response: ServerResponse) => void

let gate: RunningGate
let seeing = ''
let write: Write = () => undefined
/** What the service holds of one person: an envelope. */
let row: Readonly<Record<string, unknown>> = {}

before(async () => {
  gate = await startGate({
    contract,
    settings: { listen: { https: { host: '127.0.0.1', port: 0 }, http: { host: '127.0.0.1', port: 0 } } },
    service: ({ method, body }, response) => {
      if (method === 'GET') return write(response)
      row = JSON.parse(body) as typeof row
      response.writeHead(204).end()
    },
  })
  const made = await gate.gateway.apiKeys.create({
    consumer: 'auditor',
    label: 'sees',
    life: 86_400_000,
    scopes: ['reveal:pii'],
  })
  seeing = made.key.reveal()
  const added = await request(`http://127.0.0.1:${gate.port}/people`, {
    method: 'POST',
    headers: { 'x-api-key': gate.key, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 1, email: 'ada@example.com' }),
  })
  assert.equal(added.statusCode, 204, await added.body.text())
  assert.match(String(row['email']), /^enc:v1:/)
})
after(() => gate[Symbol.asyncDispose]())

/** A person as the service writes it, with a number that a double cannot hold. */
function stored(email: unknown = row['email']): string {
  return `{"id":12345678901234567890,"email":${JSON.stringify(email)},"emailIndex":"x","secret":"hidden","undeclared":1}`
}

const shown = '{"id":12345678901234567890,"email":"ada@example.com"}'
const masked = '{"id":12345678901234567890,"email":"a***@e***.com"}'
const unknownKey = stored('enc:v1:dk_000000000000:AAAA')

function ask(key = seeing) {
  return request(`http://127.0.0.1:${gate.port}/people`, { headers: { 'x-api-key': key } })
}

function rawRequest(): string {
  return `GET /people HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${seeing}\r\n\r\n`
}

const framings = [
  {
    type: 'application/x-ndjson',
    join: (texts: readonly string[]) => texts.map((text) => `${text}\n`).join(''),
  },
  {
    type: 'application/json-seq',
    join: (texts: readonly string[]) => texts.map((text) => `\u001e${text}\n`).join(''),
  },
]

for (const { type, join } of framings)
  describe(`an answer of ${type}`, () => {
    it('is opened, cut to the contract and masked item by item', async () => {
      write = (response) => {
        const text = join([stored(), stored(), '{"id":1}'])
        response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
        // Cut in the middle of an item.
        response.write(text.slice(0, 50))
        setTimeout(() => response.end(text.slice(50)), 20)
      }
      const answer = await ask()
      assert.equal(await answer.body.text(), join([shown, shown, '{"id":1}']))
      assert.equal(answer.headers['content-length'], undefined)
      assert.equal(await (await ask(gate.key)).body.text(), join([masked, masked, '{"id":1}']))
      const record = await gate.record(String(answer.headers['x-request-id']))
      const notes = record.guards.map(({ guard, note }) => `${guard} ${note ?? ''}`)
      assert.ok(notes.includes('field-encryption decrypted 2 fields'), notes.join('\n'))
      assert.ok(notes.includes('masking revealed 2 pii.email'), notes.join('\n'))
    })

    it('goes out while it comes', async () => {
      let service: ServerResponse | undefined
      write = (response) => {
        service = response
        response.writeHead(200, { 'content-type': type })
        response.write(join([stored()]) + (type.endsWith('seq') ? '\u001e' : ''))
      }
      const { body } = await ask()
      const chunks = body[Symbol.asyncIterator]()
      const first = (await chunks.next()) as { value: Buffer }
      assert.equal(first.value.toString(), join([shown]))
      service?.end(join([stored()]))
      const second = (await chunks.next()) as { value: Buffer }
      assert.equal(second.value.toString(), join([shown]))
      assert.equal((await chunks.next()).done, true)
    })

    it('is refused whole where its first items cannot be opened', async () => {
      for (const broken of [unknownKey, stored('enc:v1:'), '{"id":', 'null null']) {
        write = (response) =>
          response.writeHead(200, { 'content-type': type }).end(join([stored(), broken, stored()]))
        const { statusCode, body } = await ask()
        const text = await body.text()
        assert.ok(statusCode >= 500, text)
        assert.ok(!/ada@|enc:v1/.test(text), text)
      }
    })

    it('is broken off where a later item cannot be opened, and the log says why', async () => {
      write = (response) => {
        response.writeHead(200, { 'content-type': type })
        response.write(join([stored()]) + (type.endsWith('seq') ? '\u001e' : ''))
        setTimeout(() => response.write(join([unknownKey, stored()])), 50)
      }
      const answer = await gate.exchange(rawRequest())
      assert.ok(answer.includes(shown), answer)
      assert.ok(!answer.includes('enc:v1'), answer)
      // The last chunk, which would say that this was all, does not come.
      assert.ok(!answer.endsWith('0\r\n\r\n'))
      const [, id = ''] = /x-request-id: (\w+)/i.exec(answer) ?? []
      const record = await gate.record(id)
      assert.deepEqual(
        record.guards.filter(({ verdict }) => verdict === 'fault').map(({ guard, code }) => [guard, code]),
        [['field-encryption', 'DATA_KEY_UNKNOWN']],
      )
      assert.equal(record.code, 'INTERNAL_ERROR')
    })
  })

describe('a long list of JSON', () => {
  const many = 12_000

  it('goes out item by item, while it comes, and says the same', async () => {
    let service: ServerResponse | undefined
    write = (response) => {
      service = response
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write(`[${Array.from({ length: many }, () => stored()).join(',')}`)
    }
    const { body } = await ask()
    let text = ''
    for await (const chunk of body) {
      text += String(chunk)
      if (text.length > 1_000 && service?.writableEnded === false) service.end(` , ${stored()} ]`)
    }
    assert.equal(text, `[${Array.from({ length: many + 1 }, () => shown).join(',')}]`)
  })

  it('is broken off where an item cannot be opened, and a short one is refused whole', async () => {
    write = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`[${Array.from({ length: many }, () => stored()).join(',')},${unknownKey},${stored()}]`)
    await assert.rejects(async () => (await ask()).body.text())
    write = (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(`[${stored()},${unknownKey}]`)
    const { statusCode, body } = await ask()
    assert.equal(statusCode, 500)
    assert.ok(!(await body.text()).includes('ada'))
  })

  it('is broken off by RST_STREAM in HTTP/2', async () => {
    write = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`[${Array.from({ length: many }, () => stored()).join(',')},${unknownKey}]`)
    const session = connect(gate.gateway.addresses.https ?? '', { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/people', 'x-api-key': seeing })
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => (text += chunk))
    stream.on('error', () => undefined)
    await new Promise((resolve) => stream.once('close', resolve))
    session.destroy()
    assert.notEqual(stream.rstCode, constants.NGHTTP2_NO_ERROR)
    assert.ok(text.includes(shown) && !text.includes('enc:v1') && !text.endsWith(']'))
  })
})

describe('an answer that flows item by item', () => {
  it('waits for a client that does not read', async () => {
    let sent = 0
    let service: ServerResponse | undefined
    const line = Buffer.from(`${stored()}\n`.repeat(500))
    write = (response) => {
      service = response
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      const more = (): void => {
        while (!response.closed && response.write(line)) sent += line.length
        sent += line.length
        response.once('drain', more)
      }
      more()
    }
    const { body } = await ask()
    await untilSame(() => sent)
    // What the buffers of two connections hold, and not what the service could have written meanwhile.
    assert.ok(sent < 30_000_000, `${sent} bytes`)
    body.destroy()
    await once(service as ServerResponse, 'close')
  })

  it('is refused where an item is longer than may be held', async () => {
    write = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/x-ndjson' })
        .end(`{"id":1,"x":"${'y'.repeat(9_000_000)}"}\n`)
    assert.equal((await ask()).statusCode, 502)
  })
})

/** Services that compress whatever they are asked for: the gateway asks them for identity. */
describe('an answer of JSON lines in a content coding', () => {
  const lines = `${stored()}\n`.repeat(3)
  const begin = (response: ServerResponse, coding: string): ServerResponse =>
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-encoding': coding })

  const coders = {
    gzip: gzipSync,
    deflate: deflateSync,
    'deflate, gzip': (text: string) => gzipSync(deflateSync(text)),
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  }
  for (const [coding, encode] of Object.entries(coders))
    it(`of ${coding} is opened, cut to the contract and masked item by item`, async () => {
      write = (response) => begin(response, coding).end(encode(`${stored()}\n`.repeat(3)))
      const { statusCode, headers, body } = await ask()
      assert.equal(await body.text(), `${shown}\n`.repeat(3))
      assert.deepEqual([statusCode, headers['content-encoding']], [200, undefined])
      assert.equal(await (await ask(gate.key)).body.text(), `${masked}\n`.repeat(3))
    })

  it('of deflate without its header too, a byte at a time', async () => {
    const bytes = deflateRawSync(`${stored()}\n`.repeat(3))
    write = (response) => {
      begin(response, 'deflate')
      for (const byte of bytes) response.write(Buffer.of(byte))
      response.end()
    }
    assert.equal(await (await ask()).body.text(), `${shown}\n`.repeat(3))
  })

  for (const [coding, create] of [
    ['gzip', createGzip],
    ['deflate', createDeflate],
    ['br', createBrotliCompress],
    ['zstd', createZstdCompress],
  ] as const)
    it(`of ${coding} goes out while it comes`, async () => {
      const coder = create()
      write = (response) => {
        coder.pipe(begin(response, coding))
        coder.write(`${stored()}\n`)
        coder.flush()
      }
      const { body } = await ask()
      const chunks = body[Symbol.asyncIterator]()
      const first = (await chunks.next()) as { value: Buffer }
      assert.equal(first.value.toString(), `${shown}\n`)
      coder.end(`${stored()}\n`)
      const second = (await chunks.next()) as { value: Buffer }
      assert.equal(second.value.toString(), `${shown}\n`)
      assert.equal((await chunks.next()).done, true)
    })

  it('is refused where it is in none that is known, in too many, or in another than it says', async () => {
    for (const [coding, bytes] of [
      ['snappy', Buffer.from(lines)],
      ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(lines)))],
      ['gzip', Buffer.from(lines)],
      ['br', gzipSync(lines)],
      ['gzip', gzipSync(lines).subarray(0, 20)],
    ] as const) {
      write = (response) => begin(response, coding).end(bytes)
      const { statusCode, body } = await ask()
      const text = await body.text()
      assert.equal(statusCode, 502, `${coding} ${text}`)
      assert.ok(!/ada@|enc:v1/.test(text), text)
    }
  })

  it('is broken off where it is cut, or grows too steeply, after items of it are out', async () => {
    const bytes = gzipSync(`${stored()}\n`, { finishFlush: zlib.Z_SYNC_FLUSH })
    write = (response) => {
      begin(response, 'gzip').write(bytes)
      setTimeout(() => response.end(), 50)
    }
    const cut = await gate.exchange(rawRequest())
    assert.ok(cut.includes(shown) && !cut.endsWith('0\r\n\r\n'), cut)
    // Empty lines, which are allowed: 40 MB of them in 40 kB.
    const bomb = gzipSync(Buffer.alloc(40_000_000, '\n'))
    write = (response) => {
      begin(response, 'gzip').write(gzipSync(`${stored()}\n`))
      setTimeout(() => response.end(bomb), 50)
    }
    const grown = await gate.exchange(rawRequest())
    assert.ok(grown.includes(shown) && !grown.endsWith('0\r\n\r\n'), grown)
    const [, id = ''] = /x-request-id: (\w+)/i.exec(grown) ?? []
    assert.equal((await gate.record(id)).code, 'RESPONSE_INVALID')
  })

  it('waits for a client that does not read', async () => {
    let sent = 0
    let service: ServerResponse | undefined
    // What no coding makes shorter.
    const block = Array.from(
      { length: 200 },
      (_, id) => `{"id":${id},"email":"${randomBytes(300).toString('hex')}"}\n`,
    ).join('')
    write = (response) => {
      service = response
      begin(response, 'gzip')
      const more = (): void => {
        for (let room = true; room && !response.closed; sent += block.length)
          room = response.write(gzipSync(block))
        response.once('drain', more)
      }
      more()
    }
    const { body } = await ask()
    await untilSame(() => sent)
    assert.ok(sent < 40_000_000, `${sent} bytes`)
    body.destroy()
    await once(service as ServerResponse, 'close')
  })

  it('of a long list goes out item by item too', async () => {
    const many = 12_000
    const list = `[${Array.from({ length: many }, () => stored()).join(',')}]`
    write = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(list, { level: 0 }))
    assert.equal(await (await ask()).body.text(), `[${Array.from({ length: many }, () => shown).join(',')}]`)
  })
})

/** Waits until nothing is added any more. */
async function untilSame(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count()
    await sleep(300)
  }
}
