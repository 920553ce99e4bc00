import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect, type PeerCertificate } from 'node:tls'
import { startGateway } from '@gateward/gateway'
import { findFreePort, missingForAcme, startPebble } from '../packages/gateway/src/server/tls/acme/testing.ts'
import { eventually } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-acme-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test(
  'a gateway serves at once, orders its certificate itself, and after a restart serves the one that it has',
  { skip: missingForAcme ?? false, timeout: 60_000 },
  async () => {
    const port = await findFreePort()
    await using pebble = await startPebble({ tls: port })
    const names = [['api.example.com', 'www.example.com'], ['shop.example.org']]
    const acme = { directory: pebble.directory, authority: pebble.authority, names, termsAgreed: true }
    const start = () =>
      startGateway({
        env: {},
        inline: {
          version: 1,
          data: folder,
          listen: { https: { host: '127.0.0.1', port, acme } },
          admin: { host: '127.0.0.1', port: 0 },
          observe: { log: `file:${join(folder, 'gateward.log')}` },
          apis: { notes: { contract: 'none', upstream: 'http://127.0.0.1:9' } },
        },
      })
    const serials = new Map<string, string>()
    {
      await using gateway = await start()
      assert.equal(gateway.certificateAuthority, undefined)
      for (const [name = ''] of names) {
        const served = await eventually(async () => {
          const certificate = await certificateFor(port, name)
          const isIssued = /Pebble/.test(String(certificate.issuer.CN))
          return isIssued && certificate.subjectaltname?.includes(`DNS:${name}`) ? certificate : undefined
        })
        serials.set(name, served.serialNumber)
      }
    }
    await using again = await start()
    assert.ok(again.addresses.https)
    for (const [name, serial] of serials)
      await eventually(async () => (await certificateFor(port, name)).serialNumber === serial || undefined)
  },
)

async function certificateFor(port: number, name: string): Promise<PeerCertificate> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>()
  const socket = connect({ port, host: '127.0.0.1', servername: name, rejectUnauthorized: false }, () => {
    resolve(socket.getPeerCertificate())
    socket.destroy()
  })
  socket.on('error', reject)
  return promise
}
