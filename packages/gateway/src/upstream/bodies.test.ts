import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { openService, openUpstream, send } from './testing.ts'

test('a slow reader makes the service wait, and loses nothing', async () => {
  const size = 4 * 1024 * 1024
  await using service = await openService((_request, response) => response.end(Buffer.alloc(size, 'x')))
  await using upstream = openUpstream(service.url)
  let pauses = 0
  const answer = await send(
    upstream,
    {},
    {
      onData(_chunk, call) {
        if (pauses++ > 20) return true
        setTimeout(() => call.resume(), 2)
        return false
      },
    },
  )
  assert.equal(answer.fault, undefined)
  assert.equal(answer.body.length, size)
})

test('a body is streamed with its length, or in chunks', async () => {
  await using service = await openService((request, response) => {
    const framing = request.headers['transfer-encoding'] ?? request.headers['content-length']
    let size = 0
    request.on('data', (chunk: Buffer) => (size += chunk.length))
    request.on('end', () => response.end(`${framing} ${size}`))
  })
  await using upstream = openUpstream(service.url)
  const body = (): Readable =>
    Readable.from([Buffer.alloc(70_000), Buffer.alloc(30_000)], { objectMode: false })
  const chunked = await send(upstream, { method: 'POST', body: body() })
  assert.equal(chunked.body, 'chunked 100000')
  const sized = await send(upstream, { method: 'POST', body: body(), headers: ['content-length', '100000'] })
  assert.equal(sized.body, '100000 100000')
})

test("a body that breaks off is the client's fault and never a whole request", async () => {
  let whole = 0
  await using service = await openService((request, response) => {
    request.on('error', () => {})
    request.on('end', () => {
      whole++
      response.end()
    })
    request.resume()
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], breaker: { minimum: 1 } })
  const tooShort = Readable.from([Buffer.from('abc')], { objectMode: false })
  const short = await send(upstream, { method: 'POST', body: tooShort, headers: ['content-length', '10'] })
  assert.equal(short.fault?.source, 'client')
  const breaking = new Readable({ read() {} })
  breaking.push('abc')
  const breaks = send(upstream, { method: 'POST', body: breaking })
  setTimeout(() => breaking.destroy(new Error('gone')), 20)
  assert.equal((await breaks).fault?.source, 'client')
  const closing = new Readable({ read() {} })
  const closes = send(upstream, { method: 'POST', body: closing })
  closing.destroy()
  assert.equal((await closes).fault?.source, 'client')
  assert.equal(whole, 0)
  assert.equal(upstream.status().breaker, 'closed')
})

test('an answer that comes before the body was sent is still an answer', async () => {
  await using service = await openService((_request, response) => {
    response.writeHead(413).end('too large')
  })
  await using upstream = openUpstream(service.url)
  const body = new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(1_000)))
    },
  })
  const answer = await send(upstream, { method: 'POST', body })
  assert.equal(answer.status, 413)
  assert.equal(answer.body, 'too large')
  body.destroy()
})
