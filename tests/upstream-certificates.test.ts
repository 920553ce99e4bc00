import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { createAuthority, type TestAuthority } from '../packages/gateway/src/upstream/testing-certificate.ts'
import { eventually } from './run-command.ts'
import { plainRequest, startGate } from './start-gate.ts'

/** A service that lets only certificates of an authority in, and says whose it was shown. */
async function startStrictService(authority: TestAuthority) {
  const { cert, key } = await authority.issue(['localhost', '127.0.0.1'])
  const options = { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true }
  const server = createServer(options, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ shown: subject.CN }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('the certificate that is shown to a service follows its files while requests go on, and waivers are counted', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'gateward-client-certificate-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const authority = await createAuthority()
  const service = stack.use(await startStrictService(authority))
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const show = async (name: string): Promise<void> => {
    const pair = await authority.issue([name])
    writeFileSync(cert, pair.cert)
    writeFileSync(key, pair.key)
  }
  writeFileSync(ca, authority.cert)
  await show('before')
  const expires = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
  const waiver = { reason: 'its authority is being replaced', owner: 'ada', expires }
  const unverified = { targets: [{ url: service.url }], tls: { verify: false, waiver } }
  const gate = stack.use(
    await startGate({
      api: { upstream: { targets: [{ url: service.url }], tls: { ca, cert, key } } },
      settings: { guards: { authentication: { mode: 'off' } } },
      service: () => {},
    }),
  )
  const ask = () => gate.exchange(plainRequest('GET /'))
  assert.match(await ask(), /"shown":"before"/)
  const statuses = new Set<string>()
  await show('after')
  await eventually(async () => {
    const answer = await ask()
    statuses.add(answer.slice(9, 12))
    return answer.includes('"shown":"after"') || undefined
  })
  assert.deepEqual([...statuses], ['200'])
  assert.ok(!(await gate.metrics()).includes('gateward_tls_waiver_days_left{'))

  const careless = stack.use(await startGate({ api: { upstream: unverified }, service: () => {} }))
  assert.match(await careless.metrics(), /gateward_tls_waiver_days_left\{upstream="attacked"\} 20/)
})
