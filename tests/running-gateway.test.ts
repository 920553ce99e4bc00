import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get as httpsGet } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { createAuthority, type TestAuthority } from '../packages/gateway/src/upstream/testing-certificate.ts'
import { eventually, runCommandIn } from './run-command.ts'
import { startServe, type RunningServe } from './start-serve.ts'
import { startService, type RunningService } from './start-service.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-running-'))
let service: RunningService
let authority: TestAuthority
let gate: RunningServe

before(async () => {
  service = await startService()
  authority = await createAuthority()
  await writeCertificate()
  writeContract(['/hello'])
  writeConfiguration()
  gate = await startServe(folder, [], authority.cert)
})

after(async () => {
  await gate[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('a changed file changes tiers and guards of the running gateway', async () => {
  const key = await makeKey('changing')
  assert.equal((await gate.send('/hello', key)).headers['x-ratelimit-limit'], '600')
  writeConfiguration({ rate: '50/min', guards: 'headers: { transportSecurity: off }' })
  const answer = await eventually(async () => {
    const next = await gate.send('/hello', key)
    return next.headers['x-ratelimit-limit'] === '50' ? next : undefined
  })
  assert.equal(answer.headers['strict-transport-security'], undefined)
})

test('a bad file keeps what runs, says so in the log, and is no harm once it is mended', async () => {
  const key = await makeKey('steady')
  writeConfiguration({ rate: '70/min', guards: 'waff: {}' })
  const [refused] = await eventually(() => {
    const lines = gate.logged('configuration-refused')
    return lines.length > 0 ? lines : undefined
  })
  assert.match(JSON.stringify(refused?.['diagnostics']), /unknown setting guards\.waff/)
  assert.equal((await gate.send('/hello', key)).headers['x-ratelimit-limit'], '50')
  assert.match((await gate.ask('/metrics')).text, /^gateward_config_last_reload_success 0$/m)
  writeConfiguration({ rate: '80/min' })
  await eventually(
    async () => (await gate.send('/hello', key)).headers['x-ratelimit-limit'] === '80' || undefined,
  )
  assert.match((await gate.ask('/metrics')).text, /^gateward_config_last_reload_success 1$/m)
})

test('a changed contract opens and closes operations, and a broken one changes nothing', async () => {
  const key = await makeKey('reader')
  assert.equal((await gate.send('/bye', key)).status, 404)
  writeContract(['/hello', '/bye'])
  await eventually(async () => (await gate.send('/bye', key)).status === 200 || undefined)
  const before = gate.logged('configuration-refused').length
  writeFileSync(join(folder, 'api.yaml'), 'openapi: 3.1.0\npaths: [')
  await eventually(() => gate.logged('configuration-refused').length > before || undefined)
  assert.equal((await gate.send('/bye', key)).status, 200)
  writeContract(['/hello'])
  await eventually(async () => (await gate.send('/bye', key)).status === 404 || undefined)
})

test('what only a start can change is named, and SIGHUP says what came of it', async () => {
  writeConfiguration({ rate: '80/min', data: './elsewhere' })
  const notices = await eventually(() => {
    const found = gate.logged('notice').filter(({ code }) => code === 'restart-needed')
    return found.length > 0 ? found : undefined
  })
  assert.match(String(notices[0]?.['reason']), /^data was changed/)
  writeConfiguration()
  gate.process.signal('SIGHUP')
  await eventually(() => gate.process.errors().includes('The configuration was taken over.') || undefined)
})

test('a key made by another process opens the gate within a second, and closes it at once', async () => {
  const { key, id } = await makeKeyRecord('acme')
  assert.equal((await gate.send('/hello', key)).status, 200)
  await keys('disable', id)
  assert.equal((await gate.send('/hello', key)).status, 401)
  await keys('enable', id)
  assert.equal((await gate.send('/hello', key)).status, 200)
  const next = JSON.parse((await keys('rotate', id, '--overlap', '1h', '--json')).out) as MadeKey
  assert.equal((await gate.send('/hello', key)).status, 200)
  assert.equal((await gate.send('/hello', next.key)).status, 200)
  await keys('revoke', id)
  assert.equal((await gate.send('/hello', key)).status, 401)
  assert.equal((await gate.send('/hello', next.key)).status, 200)
})

test('a key that has ended is refused', async () => {
  const { key } = await makeKeyRecord('brief', '--expires', '1s')
  await eventually(async () => (await gate.send('/hello', key)).status === 401 || undefined)
})

test('a renewed certificate is served to new connections, and live ones go on', async () => {
  using agent = disposable(new Agent({ keepAlive: true, maxSockets: 1, ca: authority.cert }))
  const first = await serialThrough(agent.value)
  await writeCertificate()
  await eventually(async () => {
    using fresh = disposable(new Agent({ ca: authority.cert }))
    return (await serialThrough(fresh.value)) === first ? undefined : true
  })
  assert.equal(await serialThrough(agent.value), first)
})

test('SIGTERM lets a slow exchange end, takes no new ones, and ends with 0; a daily quota outlives it', async () => {
  const key = await makeKey('counted', '--tier', 'tiny')
  for (let call = 0; call < 3; call++) assert.equal((await gate.send('/hello', key)).status, 200)
  assert.equal((await gate.send('/hello', key)).status, 429)

  const slow = makeKey('slow').then(async (other) => {
    const arrived = service.nextRequest()
    const answer = gate.send('/hello?wait=700', other)
    await arrived
    return { answer }
  })
  const { answer } = await slow
  gate.process.signal('SIGTERM')
  assert.equal((await answer).status, 200)
  assert.equal(await gate.process.ended, 0)

  await gate[Symbol.asyncDispose]()
  gate = await startServe(folder, [], authority.cert)
  assert.equal((await gate.send('/hello', key)).status, 429)
})

test('a second signal stops at once', async () => {
  const key = await makeKey('impatient')
  const arrived = service.nextRequest()
  const answer = gate.send('/hello?wait=60000', key).catch(() => 'broken off')
  await arrived
  gate.process.signal('SIGTERM')
  await eventually(() => gate.logged('state').some(({ state }) => state === 'draining') || undefined)
  gate.process.signal('SIGTERM')
  assert.equal(await gate.process.ended, 130)
  assert.equal(await answer, 'broken off')
})

interface MadeKey {
  readonly id: string
  readonly key: string
}

async function makeKeyRecord(consumer: string, ...more: readonly string[]): Promise<MadeKey> {
  return JSON.parse((await keys('create', consumer, '--json', ...more)).out) as MadeKey
}

async function makeKey(consumer: string, ...more: readonly string[]): Promise<string> {
  return (await makeKeyRecord(consumer, ...more)).key
}

async function keys(...words: readonly string[]): Promise<{ out: string }> {
  const outcome = await runCommandIn(folder, 'keys', ...words)
  assert.equal(outcome.code, 0, outcome.err)
  return outcome
}

function writeConfiguration({ rate = '600/min', guards = '', data = './data' } = {}): void {
  // Put in place whole, as editors and deployments do.
  const next = join(folder, 'gateward.next')
  writeFileSync(
    next,
    `version: 1
listen: { https: { host: 127.0.0.1, certificate: { cert: ./cert.pem, key: ./key.pem } } }
data: ${data}
apis: { greetings: { contract: ./api.yaml, upstream: '${service.url}' } }
tiers:
  default: { rate: ${rate} }
  tiny: { rate: 600/min, quota: 3/day }
guards: { ${guards} }
`,
  )
  renameSync(next, join(folder, 'gateward.yaml'))
}

function writeContract(paths: readonly string[]): void {
  const operation = {
    parameters: [{ name: 'wait', in: 'query', schema: { type: 'integer' } }],
    responses: {
      200: {
        description: 'A greeting.',
        content: {
          'application/json': { schema: { type: 'object', properties: { ok: { type: 'boolean' } } } },
        },
      },
    },
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Greetings', version: '1' },
    paths: Object.fromEntries(paths.map((path) => [path, { get: operation }])),
  }
  writeFileSync(join(folder, 'api.yaml'), JSON.stringify(document))
}

async function writeCertificate(): Promise<void> {
  const { cert, key } = await authority.issue(['localhost', '127.0.0.1'])
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
}

/** The serial number of the certificate that a request through an agent met. */
function serialThrough(agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    httpsGet(`${gate.ready.gateway}/hello`, { agent }, (answer) => {
      const { serialNumber } = (answer.socket as TLSSocket).getPeerCertificate()
      answer.resume().once('end', () => resolve(serialNumber))
    }).on('error', reject)
  })
}

function disposable(value: Agent): Disposable & { readonly value: Agent } {
  return { value, [Symbol.dispose]: () => value.destroy() }
}
