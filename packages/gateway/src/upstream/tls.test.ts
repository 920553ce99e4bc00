import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { TlsOptions, TLSSocket } from 'node:tls'
import { DiagnosticError } from '@gateward/kernel'
import { listen, openUpstream, send, type TestService } from './testing.ts'
import { createAuthority, type TestAuthority, type TestPair } from './testing-certificate.ts'

let folder: string
let authority: TestAuthority
let server: TestPair
let client: TestPair

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateward-'))
  authority = await createAuthority()
  server = await authority.issue(['orders.internal', '127.0.0.1'])
  client = await authority.issue(['gateway'])
})

after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function openTlsService(options: TlsOptions = {}): Promise<TestService & { readonly https: string }> {
  const service = await listen(
    createServer({ cert: server.cert, key: server.key, ...options }, (request, response) => {
      const socket = request.socket as TLSSocket
      response.setHeader('x-sni', `${socket.servername}`)
      response.setHeader('x-client', socket.authorized ? 'known' : 'unknown')
      response.end(request.headers.host)
    }),
  )
  return { ...service, https: `https://127.0.0.1:${service.port}` }
}

test('a certificate of an authority that is not trusted is refused', async () => {
  await using service = await openTlsService()
  await using upstream = openUpstream(service.https)
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_ERROR')
})

test('a certificate of the authority that is named, for the address, is good', async () => {
  await using service = await openTlsService()
  await using upstream = openUpstream({
    targets: [{ url: service.https }],
    tls: { ca: file('ca.pem', authority.cert) },
  })
  assert.equal((await send(upstream)).status, 200)
})

test('the certificate must have the name that is set', async () => {
  await using service = await openTlsService()
  const ca = file('ca.pem', authority.cert)
  await using right = openUpstream({
    targets: [{ url: service.https }],
    tls: { ca, servername: 'orders.internal' },
  })
  assert.equal((await send(right)).headers?.get('x-sni'), 'orders.internal')
  await using wrong = openUpstream({
    targets: [{ url: service.https }],
    tls: { ca, servername: 'other.internal' },
  })
  assert.equal((await send(wrong)).fault?.code, 'UPSTREAM_ERROR')
})

test("a client's Host never chooses the name that is verified, nor a connection of its own", async () => {
  await using service = await openTlsService()
  await using upstream = openUpstream({
    targets: [{ url: service.https }],
    preserveHost: true,
    tls: { ca: file('ca.pem', authority.cert), servername: 'orders.internal' },
  })
  for (const host of ['evil.example', 'orders.internal', 'other.example']) {
    const answer = await send(upstream, { headers: ['host', host] })
    assert.equal(answer.body, host)
    assert.equal(answer.headers?.get('x-sni'), 'orders.internal')
  }
  assert.equal(service.sockets.size, 1)
  await using byAddress = openUpstream({
    targets: [{ url: service.https }],
    preserveHost: true,
    tls: { ca: file('ca.pem', authority.cert) },
  })
  assert.equal((await send(byAddress, { headers: ['host', 'evil.example'] })).body, 'evil.example')
})

test('the gateway shows its own certificate where the service asks for one', async () => {
  await using service = await openTlsService({
    requestCert: true,
    rejectUnauthorized: true,
    ca: authority.cert,
  })
  const ca = file('ca.pem', authority.cert)
  const cert = file('client.pem', client.cert)
  const key = file('client.key', client.key)
  await using known = openUpstream({ targets: [{ url: service.https }], tls: { ca, cert, key } })
  assert.equal((await send(known)).headers?.get('x-client'), 'known')
  await using unknown = openUpstream({
    targets: [{ url: service.https }],
    tls: { ca },
    retries: { attempts: 0 },
  })
  assert.equal((await send(unknown)).fault?.source, 'upstream')
})

test('a service that speaks only old TLS is refused', async () => {
  await using service = await openTlsService({
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  await using upstream = openUpstream({
    targets: [{ url: service.https }],
    tls: { ca: file('ca.pem', authority.cert) },
  })
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_ERROR')
})

test('NODE_TLS_REJECT_UNAUTHORIZED changes nothing here', async (context) => {
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  context.after(() => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
  })
  await using service = await openTlsService()
  await using upstream = openUpstream(service.https)
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_ERROR')
})

test('a waiver lets an unknown certificate pass', async () => {
  await using service = await openTlsService()
  const waiver = { reason: 'the certificate of a test', owner: 'tests', expires: '2999-01-01' }
  await using upstream = openUpstream({
    targets: [{ url: service.https }],
    tls: { verify: false, waiver },
  })
  assert.equal((await send(upstream)).status, 200)
})

test('checks verify certificates too', async () => {
  await using service = await openTlsService()
  const health = { active: { path: '/', interval: '5ms', unhealthyAfter: 1 } } as const
  await using upstream = openUpstream({ targets: [{ url: service.https }], health })
  while (upstream.status().available) await new Promise(setImmediate)
  await using trusted = openUpstream({
    targets: [{ url: service.https }],
    health,
    tls: { ca: file('ca.pem', authority.cert) },
  })
  await send(trusted)
  assert.equal(trusted.status().available, true)
})

test('files that are missing or do not fit each other are mistakes', () => {
  const targets = [{ url: 'https://127.0.0.1' }]
  const cert = file('client.pem', client.cert)
  const key = file('server.key', server.key)
  for (const tls of [
    { ca: join(folder, 'missing.pem') },
    { cert, key },
    { cert: file('no.pem', 'no certificate'), key },
  ])
    assert.throws(() => openUpstream({ targets, tls }), DiagnosticError)
})
