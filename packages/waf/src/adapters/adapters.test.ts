import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as send, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import express from 'express'
import fastify from 'fastify'
import { createWaf } from '../engine/create-waf.ts'
import type { Waf } from '../engine/waf.ts'
import { addWaf, type MatchReport } from './fastify.ts'
import { wafMiddleware, withWaf } from './node-http.ts'

const outbound = `
SecRule RESPONSE_HEADERS:X-Inside "@rx ." "id:11,phase:3,deny,status:502"
SecRule RESPONSE_BODY "@contains topsecret" "id:12,phase:4,deny,status:599"
SecRule RESPONSE_STATUS "@eq 418" "id:13,phase:5,pass,log,msg:'a teapot'"
`

interface Subject {
  readonly name: string
  readonly port: number
  readonly reports: MatchReport[]
  close(): Promise<void>
}

let subjects: readonly Subject[] = []
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-adapters-'))
  writeFileSync(join(folder, 'outbound.conf'), outbound)
  const { waf } = await createWaf({ rules: ['core', join(folder, 'outbound.conf')] })
  rmSync(folder, { recursive: true })
  assert.ok(waf)
  await waf.warmUp()
  subjects = await Promise.all([startNode(waf), startExpress(waf), startFastify(waf)])
})
after(() => Promise.all(subjects.map((subject) => subject.close())))

async function startNode(waf: Waf): Promise<Subject> {
  const reports: MatchReport[] = []
  const listener = withWaf(
    waf,
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        if (request.url === '/leak') response.setHeader('content-type', 'text/plain').end('a topsecret')
        else if (request.url === '/coded')
          response
            .writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
            .end(gzipSync('a topsecret'))
        else if (request.url === '/inside') response.writeHead(200, { 'x-inside': 'y' }).end('x')
        else if (request.url === '/teapot') response.writeHead(418).end()
        else if (request.url === '/events') {
          response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
          response.write('data: topsecret\n\n')
        } else if (request.url === '/more') {
          response.setHeader('x-inside', 'y')
          for (let count = 0; count < 3; count++) response.write('x')
          response.end()
        } else response.setHeader('content-type', 'text/plain').end(Buffer.concat(chunks))
      })
    },
    { onMatches: (report) => reports.push(report) },
  )
  return toSubject('node:http', createServer(listener), reports)
}

async function startExpress(waf: Waf): Promise<Subject> {
  const reports: MatchReport[] = []
  const app = express()
  app.use(wafMiddleware(waf, { onMatches: (report) => reports.push(report) }))
  app.use(express.text({ type: '*/*', limit: '1mb' }))
  app.get('/leak', (_, response) => void response.type('text/plain').send('a topsecret'))
  app.get('/coded', (_, response) => {
    response.set({ 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync('a topsecret'))
  })
  app.get('/inside', (_, response) => void response.set('x-inside', 'y').send('x'))
  app.get('/teapot', (_, response) => void response.status(418).end())
  app.use(
    (request, response) =>
      void response.type('text/plain').send(typeof request.body === 'string' ? request.body : ''),
  )
  return toSubject('Express', createServer(app), reports)
}

async function startFastify(waf: Waf): Promise<Subject> {
  const reports: MatchReport[] = []
  const server = fastify()
  addWaf(server, waf, { onMatches: (report) => reports.push(report) })
  server.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body))
  server.removeContentTypeParser(['application/json', 'text/plain'])
  server.get('/leak', (_, reply) => reply.type('text/plain').send('a topsecret'))
  server.get('/coded', (_, reply) =>
    reply.type('text/plain').header('content-encoding', 'gzip').send(gzipSync('a topsecret')),
  )
  server.get('/inside', (_, reply) => reply.header('x-inside', 'y').send('x'))
  server.get('/teapot', (_, reply) => reply.code(418).send())
  server.all('/*', (request, reply) =>
    reply.type('text/plain').send(typeof request.body === 'string' ? request.body : ''),
  )
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  return { name: 'Fastify', port, reports, close: () => server.close() }
}

async function toSubject(name: string, server: Server, reports: MatchReport[]): Promise<Subject> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    name,
    port: (server.address() as AddressInfo).port,
    reports,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

function exchange(
  port: number,
  path: string,
  body?: string | Buffer,
  type = 'application/json',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }
    const request = send({
      port,
      host: '127.0.0.1',
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      agent: false,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    request.end(body)
  })
}

/** Runs on each of the frameworks, and says which where it fails. */
function everywhere(title: string, check: (subject: Subject) => Promise<void>): void {
  test(title, async () => {
    for (const subject of subjects) {
      await check(subject).catch((error: unknown) => {
        throw new Error(`${subject.name}: ${String(error)}`, { cause: error })
      })
    }
  })
}

const attack = "1' OR '1'='1' -- "

everywhere(
  'an attack in the query or the body is refused, and the application never sees it',
  async ({ port }) => {
    for (const answer of [
      await exchange(port, `/a?q=${encodeURIComponent(attack)}`),
      await exchange(port, '/a', JSON.stringify({ q: attack })),
      await exchange(port, '/a', `q=${encodeURIComponent(attack)}`, 'application/x-www-form-urlencoded'),
      await exchange(port, '/a', JSON.stringify({ pad: 'x'.repeat(300_000), q: attack })),
    ]) {
      assert.equal(answer.status, 403)
      assert.deepEqual(JSON.parse(answer.text), { title: 'Request blocked', status: 403 })
    }
  },
)

everywhere('a harmless body reaches the application byte for byte', async ({ port }) => {
  for (const length of [0, 1, 100, 70_000, 500_000]) {
    const body = JSON.stringify({ text: 'x'.repeat(length) })
    const answer = await exchange(port, '/a', body)
    assert.equal(answer.status, 200)
    assert.equal(answer.text, body)
  }
  assert.equal((await exchange(port, '/a')).status, 200)
})

everywhere(
  'an answer is blocked by its head or body, compressed or not, and nothing of it goes out',
  async ({ port }) => {
    for (const [path, status] of [
      ['/leak', 599],
      ['/coded', 599],
      ['/inside', 502],
    ] as const) {
      const answer = await exchange(port, path)
      assert.equal(answer.status, status, path)
      assert.ok(!answer.text.includes('topsecret'), path)
      assert.equal(answer.headers['x-inside'], undefined)
      assert.equal(answer.headers['content-encoding'], undefined)
    }
  },
)

everywhere(
  'matches are reported once the answer is out, those of the last phase too',
  async ({ port, reports }) => {
    reports.length = 0
    await exchange(port, `/a?q=${encodeURIComponent(attack)}`)
    await exchange(port, '/teapot')
    await exchange(port, '/a')
    while (reports.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(
      reports.map(({ matches }) => matches.map(({ id }) => id)),
      [[2041, 2091], [13]],
    )
    assert.deepEqual(
      reports.map(({ verdict }) => verdict.kind),
      ['block', 'pass'],
    )
  },
)

test('event streams flow as they are written, and an application may go on writing into a blocked answer', async () => {
  const [{ port } = assert.fail()] = subjects
  const first = await new Promise<string>((resolve, reject) => {
    const request = send({ port, host: '127.0.0.1', path: '/events', agent: false }, (response) => {
      response.once('data', (chunk: Buffer) => {
        resolve(chunk.toString())
        request.destroy()
      })
    })
    request.on('error', reject).end()
  })
  assert.equal(first, 'data: topsecret\n\n')
  assert.equal((await exchange(port, '/more')).status, 502)
  assert.equal((await exchange(port, '/a')).status, 200)
})
