import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { startGateway } from '@gateward/gateway'

const program = '/usr/bin/testssl'
const missing = existsSync(program) ? false : 'Debian package testssl.sh is not installed'

/** What it says of the certificate and not of the gate: a development authority keeps no list of what it revoked. */
const notOurs: ReadonlySet<string> = new Set(['cert_revocation'])
const grave: ReadonlySet<string> = new Set(['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL'])

const folder = mkdtempSync(join(tmpdir(), 'gateward-testssl-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('testssl.sh', { skip: missing, concurrency: true }, () => {
  for (const profile of ['intermediate', 'modern'] as const) {
    it(`finds nothing of MEDIUM or worse in the profile ${profile}`, { timeout: 1_500_000 }, async () => {
      const data = join(folder, profile)
      await using gateway = await startGateway({
        env: {},
        inline: {
          version: 1,
          data,
          listen: { https: { host: '127.0.0.1', port: 0, profile } },
          admin: { host: '127.0.0.1', port: 0 },
          observe: { log: `file:${join(data, 'gateward.log')}` },
          apis: { notes: { contract: 'none', upstream: 'http://127.0.0.1:9' } },
        },
      })
      const findings = await scan(
        gateway.addresses.https ?? '',
        join(data, 'ca.pem'),
        join(data, 'found.json'),
      )
      assert.ok(findings.length > 50, `only ${findings.length} findings: the scan did not come to its end`)
      assert.deepEqual(
        findings.filter(({ id, severity }) => grave.has(severity) && !notOurs.has(id)),
        [],
      )
    })
  }
})

interface Finding {
  readonly id: string
  readonly severity: string
  readonly finding: string
}

async function scan(url: string, authority: string, report: string): Promise<readonly Finding[]> {
  const words = ['--quiet', '--color=0', '--warnings=off', '--nodns=none', '--ip=127.0.0.1']
  await promisify(execFile)(program, [...words, `--add-ca=${authority}`, `--jsonfile=${report}`, url], {
    maxBuffer: 10_000_000,
    // Its exit code is the count of what it disliked, among them things that are not ours.
  }).catch((error: unknown) => {
    if (!existsSync(report)) throw error
  })
  return JSON.parse(readFileSync(report, 'utf8')) as Finding[]
}
