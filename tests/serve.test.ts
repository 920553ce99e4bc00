import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { eventually, runCommandIn } from './run-command.ts'
import { startServe, type RunningServe } from './start-serve.ts'
import { startService, type RunningService } from './start-service.ts'

const contract = `openapi: 3.1.0
info: { title: Greetings, version: 1.0.0 }
paths:
  /hello:
    get:
      operationId: hello
      parameters: [{ name: wait, in: query, schema: { type: integer, maximum: 5000 } }]
      responses:
        '200':
          description: A greeting.
          content:
            application/json:
              schema: { type: object, properties: { ok: { type: boolean } } }
`

describe('serve without a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-serve-'))
  let service: RunningService
  let gate: RunningServe
  const words = (): readonly string[] => ['--contract', 'hello.yaml', '--upstream', service.url]

  before(async () => {
    writeFileSync(join(folder, 'hello.yaml'), contract)
    service = await startService()
    gate = await startServe(folder, words())
  })
  after(async () => {
    await gate[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('what declares no security needs the key that the first start shows', async () => {
    assert.equal((await gate.send('/hello')).status, 401)
    const answer = await gate.send('/hello', gate.ready.key)
    assert.equal(answer.status, 200)
    assert.equal(answer.text, '{"ok":true}')
  })

  test('with --json standard output is one line, and the log goes to standard error', async () => {
    await eventually(() => gate.logged('exchange').length > 0 || undefined)
    assert.equal(gate.process.output().trimEnd().split('\n').length, 1)
  })

  test('only the first start shows a key, and an anonymous one opens what declares no security', async () => {
    await using again = await startServe(folder, [...words(), '--anonymous'])
    assert.equal(again.ready.key, undefined)
    assert.equal((await again.send('/hello')).status, 200)
    assert.equal((await again.send('/hello', 'gw_live_nonsense')).status, 401)
  })

  test('a port that is taken is said in one line, with exit code 3', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const where = ['--host', '127.0.0.1', '--data', 'other']
    const gatePort = await runCommandIn(folder, 'serve', ...words(), ...where, '--port', String(port))
    const adminPort = await runCommandIn(
      folder,
      'serve',
      ...words(),
      ...where,
      '--port',
      '0',
      '--admin-port',
      String(port),
    )
    const demo = await runCommandIn(folder, 'demo', '--port', String(port), '--data', 'demo')
    taken.close()
    for (const outcome of [gatePort, demo]) {
      assert.equal(outcome.code, 3)
      assert.match(
        outcome.err,
        /gateward: port \d+ of 127\.0\.0\.1 is taken: stop what listens there, or choose another with --port\n$/,
      )
    }
    assert.equal(adminPort.code, 3)
    assert.match(adminPort.err, /choose another with --admin-port\n$/)
  })
})

test('a service that is down is a 502 or 503, and the gate says on /readyz why it is not ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-serve-'))
  const gone = await startService()
  await gone[Symbol.asyncDispose]()
  {
    await using gate = await startServe(folder, ['--contract', 'none', '--upstream', gone.url, '--anonymous'])
    assert.ok([502, 503].includes((await gate.send('/any')).status))
    const unready = await eventually(async () => {
      await gate.send('/any')
      const answer = await gate.ask('/readyz')
      return answer.status === 503 ? answer : undefined
    })
    assert.match(unready.text, /no target of api is available/)
    assert.equal((await gate.ask('/livez')).status, 200)
  }
  rmSync(folder, { recursive: true, force: true })
})
