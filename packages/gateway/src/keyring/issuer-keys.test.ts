import { ManualClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createIssuerKeys, type IssuerKeysInput } from './create-issuer-keys.ts'
import type { KeySetEvent } from './refreshed-key-set.ts'

const pairs = Array.from({ length: 3 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }))

/** The text of a set with these keys, `key-0` and so on. */
function setOf(...numbers: readonly number[]): string {
  const keys = numbers.map((number) =>
    Object.assign({ kid: `key-${number}` }, pairs[number]?.publicKey.export({ format: 'jwk' })),
  )
  return JSON.stringify({ keys })
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** An identity provider on this machine; what it answers can be changed. */
async function openProvider(first: Handler) {
  const provider = { answer: first, asked: [] as string[], origin: '' }
  const server = createServer((request, response) => {
    provider.asked.push(request.url ?? '')
    provider.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  provider.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(provider, {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

/** Issuers' keys, and the events they report one by one. */
function openKeys(timing: IssuerKeysInput['timing'] = {}) {
  const clock = new ManualClock()
  const events: KeySetEvent[] = []
  const waiting: ((event: KeySetEvent) => void)[] = []
  const report = (event: KeySetEvent) => {
    const next = waiting.shift()
    if (next === undefined) events.push(event)
    else next(event)
  }
  const keys = createIssuerKeys({ clock, report, timing })
  return {
    keys,
    clock,
    event: async () => events.shift() ?? new Promise<KeySetEvent>((resolve) => waiting.push(resolve)),
    [Symbol.asyncDispose]: () => keys[Symbol.asyncDispose](),
  }
}

const json =
  (body: string): Handler =>
  (_, response) =>
    void response.end(body)
const failing: Handler = (_, response) => void response.writeHead(500).end()

describe('the keys of an issuer', () => {
  it('are there at once after the first load, and the same source is asked once', async () => {
    await using provider = await openProvider(json(setOf(0)))
    await using subject = openKeys()
    const source = { kind: 'url', location: `${provider.origin}/keys` } as const
    const set = subject.keys.open(source)
    assert.equal(subject.keys.open(source), set)
    assert.equal((await set.find('key-0', 'ES256')).length, 1)
    assert.ok(!(set.find('key-0', 'ES256') instanceof Promise))
    assert.deepEqual(provider.asked, ['/keys'])
  })

  it('are found by discovery from the issuer', async () => {
    await using provider = await openProvider((request, response) => {
      const metadata = { issuer: provider.origin, jwks_uri: `${provider.origin}/certs` }
      response.end(request.url === '/certs' ? setOf(0) : JSON.stringify(metadata))
    })
    await using subject = openKeys()
    const set = subject.keys.open({ kind: 'discovery', issuer: provider.origin })
    assert.equal((await set.find('key-0', 'ES256')).length, 1)
    assert.deepEqual(provider.asked, ['/.well-known/openid-configuration', '/certs'])
  })

  it('are found by discovery from an issuer with a path, at an OAuth server too', async () => {
    await using provider = await openProvider((request, response) => {
      if (request.url === '/realm/.well-known/openid-configuration') response.writeHead(404)
      const metadata = { issuer: `${provider.origin}/realm`, jwks_uri: `${provider.origin}/certs` }
      response.end(request.url === '/certs' ? setOf(0) : JSON.stringify(metadata))
    })
    await using subject = openKeys()
    const set = subject.keys.open({ kind: 'discovery', issuer: `${provider.origin}/realm` })
    assert.equal((await set.find('key-0', 'ES256')).length, 1)
    assert.equal(provider.asked[1], '/.well-known/oauth-authorization-server/realm')
  })

  it('are fetched anew for an unknown id, once for all who ask, and then not before the cooldown is over', async () => {
    await using provider = await openProvider(json(setOf(0)))
    await using subject = openKeys()
    const set = subject.keys.open({ kind: 'url', location: provider.origin })
    await set.find('key-0', 'ES256')
    provider.answer = json(setOf(0, 1))
    assert.deepEqual(await set.find('key-1', 'ES256'), [], 'it has just been asked')
    subject.clock.advance(30_000)
    const found = await Promise.all(Array.from({ length: 50 }, async () => set.find('key-1', 'ES256')))
    assert.ok(found.every((keys) => keys.length === 1))
    assert.equal(provider.asked.length, 2)
    for (let index = 0; index < 50; index++)
      assert.deepEqual(set.find(`made-up-${index}`, 'ES256'), [], 'nobody waits')
    assert.equal(provider.asked.length, 2)
  })

  it('that the issuer withdrew are gone after the next load', async () => {
    await using provider = await openProvider(json(setOf(0, 1)))
    await using subject = openKeys()
    const set = subject.keys.open({ kind: 'url', location: provider.origin })
    await set.find('key-0', 'ES256')
    provider.answer = json(setOf(1, 2))
    subject.clock.advance(30_000)
    assert.equal((await set.find('key-2', 'ES256')).length, 1)
    assert.deepEqual(await set.find('key-0', 'ES256'), [])
  })

  it('last on when the issuer fails, and their age is told', async () => {
    await using provider = await openProvider(json(setOf(0)))
    await using subject = openKeys()
    const set = subject.keys.open({ kind: 'url', location: provider.origin })
    await set.find('key-0', 'ES256')
    await subject.event()
    for (const answer of [failing, json('<html>'), json('{"keys":[{"kty":"oct","k":"AA"}]}')]) {
      provider.answer = answer
      subject.clock.advance(86_400_000)
      assert.deepEqual(await set.find('other', 'ES256'), [])
      assert.ok(!(set.find('key-0', 'ES256') instanceof Promise))
      assert.equal((await subject.event()).kind, 'failed')
    }
    const [status] = subject.keys.status()
    assert.deepEqual([status?.keys, status?.age], [1, 3 * 86_400_000])
    assert.match(status?.failure ?? '', /must not be published/)
  })

  it('that were never had make authentication unavailable, until the background has them', async () => {
    await using provider = await openProvider(failing)
    await using subject = openKeys({ retry: 5 })
    const set = subject.keys.open({ kind: 'url', location: provider.origin })
    await assert.rejects(async () => set.find('key-0', 'ES256'), {
      name: 'Fault',
      code: 'AUTHENTICATION_UNAVAILABLE',
      retryable: true,
      message: /status 500/,
    })
    provider.answer = json(setOf(0))
    while ((await subject.event()).kind !== 'loaded');
    assert.equal((await set.find('key-0', 'ES256')).length, 1)
  })

  it('are read again in the background every so often', async () => {
    await using provider = await openProvider(json(setOf(0)))
    await using subject = openKeys({ refresh: 5 })
    const set = subject.keys.open({ kind: 'url', location: provider.origin })
    await subject.event()
    provider.answer = json(setOf(1))
    while (!((await subject.event()).kind === 'loaded' && (await set.find('key-1', 'ES256')).length === 1));
    assert.deepEqual(await set.find('key-0', 'ES256'), [])
  })
})

describe('a provider that does not behave', () => {
  const cases: readonly [name: string, answer: Handler, reason: RegExp][] = [
    [
      'redirects',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /status 302/,
    ],
    ['answers with an error', failing, /status 500/],
    [
      'answers too much, and does not end',
      (_, response) => void response.write(' '.repeat(262_145)),
      /longer than 262144 bytes/,
    ],
    [
      'breaks off',
      (_, response) => void response.writeHead(200).write('{"keys', () => response.destroy()),
      /cannot be fetched/,
    ],
    ['answers with something else', json('[]'), /no array/],
  ]
  for (const [name, answer, reason] of cases) {
    it(`and ${name} gives no keys`, async () => {
      await using provider = await openProvider(answer)
      await using subject = openKeys()
      subject.keys.open({ kind: 'url', location: provider.origin })
      const event = await subject.event()
      assert.ok(event.kind === 'failed')
      assert.match(event.reason, reason)
      assert.equal(event.age, undefined)
    })
  }

  const metadata: readonly [name: string, document: (origin: string) => unknown, reason: RegExp][] = [
    [
      'speaks for another issuer',
      (origin) => ({ issuer: 'https://other.example', jwks_uri: `${origin}/k` }),
      /another issuer/,
    ],
    [
      'names itself with a slash more',
      (origin) => ({ issuer: `${origin}/`, jwks_uri: `${origin}/k` }),
      /another issuer/,
    ],
    ['names no keys', (origin) => ({ issuer: origin }), /no jwks_uri/],
    [
      'sends for the keys in clear',
      (origin) => ({ issuer: origin, jwks_uri: 'http://192.0.2.1/k' }),
      /https/,
    ],
    [
      'sends for the keys to a file',
      (origin) => ({ issuer: origin, jwks_uri: 'file:///etc/passwd' }),
      /https/,
    ],
    ['is null', () => null, /another issuer/],
  ]
  for (const [name, document, reason] of metadata) {
    it(`and ${name} in its metadata gives no keys`, async () => {
      await using provider = await openProvider(
        (_, response) => void response.end(JSON.stringify(document(provider.origin))),
      )
      await using subject = openKeys()
      subject.keys.open({ kind: 'discovery', issuer: provider.origin })
      const event = await subject.event()
      assert.ok(event.kind === 'failed')
      assert.match(event.reason, reason)
    })
  }

  it('and cannot be reached gives no keys', async () => {
    await using subject = openKeys()
    for (const location of [
      'http://id.example/keys',
      'https://a:b@id.example/',
      'keys',
      'file:///etc/passwd',
    ]) {
      subject.keys.open({ kind: 'url', location })
      assert.equal((await subject.event()).kind, 'failed')
    }
  })
})

describe('sources of keys', () => {
  it('that no configuration has opened for long are closed', async () => {
    await using subject = openKeys()
    const source = (number: number) => ({ kind: 'file', location: `/nonexistent/${number}` }) as const
    const used = subject.keys.open(source(0))
    for (let number = 1; number < 250; number++) {
      subject.keys.open(source(number))
      assert.equal(subject.keys.open(source(0)), used)
    }
    assert.equal(subject.keys.status().length, 200)
  })

  it('that hang keep nobody from closing them', async () => {
    await using provider = await openProvider(() => {})
    const subject = openKeys()
    const set = subject.keys.open({ kind: 'url', location: provider.origin })
    const waiting = Promise.resolve(set.find('key-0', 'ES256'))
    await subject.keys[Symbol.asyncDispose]()
    await assert.rejects(waiting, { code: 'AUTHENTICATION_UNAVAILABLE' })
  })
})

describe('keys in a file', () => {
  it('are read again when the file is replaced, and last on when it is broken or gone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gateward-jwks-'))
    try {
      const location = join(directory, 'keys.json')
      writeFileSync(location, setOf(0))
      await using subject = openKeys({ watch: 5, refresh: 60_000, retry: 60_000 })
      const set = subject.keys.open({ kind: 'file', location })
      assert.equal((await subject.event()).kind, 'loaded')

      writeFileSync(`${location}.new`, setOf(1))
      renameSync(`${location}.new`, location)
      assert.equal((await subject.event()).kind, 'loaded')
      assert.equal((await set.find('key-1', 'ES256')).length, 1)

      writeFileSync(`${location}.new`, 'not a set')
      renameSync(`${location}.new`, location)
      assert.equal((await subject.event()).kind, 'failed')
      rmSync(location)
      assert.equal((await set.find('key-1', 'ES256')).length, 1)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })

  it('are unavailable where there is no file', async () => {
    await using subject = openKeys()
    const set = subject.keys.open({ kind: 'file', location: join(tmpdir(), 'gateward-no-such-file') })
    await assert.rejects(async () => set.find(undefined, 'ES256'), { code: 'AUTHENTICATION_UNAVAILABLE' })
  })
})
