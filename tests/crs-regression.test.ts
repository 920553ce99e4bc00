import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  crs3Exceptions,
  crs3Loader,
  crs3Missing,
  crs3Settings,
  crs3Suite,
} from '../packages/waf/src/engine/regression/crs-3.ts'
import { readSuite, type RegressionStage } from '../packages/waf/src/engine/regression/read-suite.ts'
import { startGate } from './start-gate.ts'
import { writeRules } from './write-rules.ts'

test(
  'the Core Rule Set 3.3.4 finds through the live gate what its regression suite expects',
  { skip: crs3Missing },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'gateward-crs-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const stages = readSuite(crs3Suite)
    const log = join(folder, 'errors.log')
    const ids = await sendAll(stages, log)
    const lines = Map.groupBy(
      readFileSync(log, 'latin1').split('\n'),
      (line) => /\[unique_id "(\w+)"\]/.exec(line)?.[1],
    )
    const failures = stages.flatMap((stage, index) => {
      const text = lines.get(ids[index])?.join('\n') ?? ''
      const isFine = (stage.expected?.test(text) ?? true) && !(stage.unexpected?.test(text) ?? false)
      return isFine ? [] : [stage.title]
    })
    const fine = stages.length - failures.length
    const rate = (100 * fine) / stages.length
    t.diagnostic(`${fine} of ${stages.length} stages (${rate.toFixed(2)} %)`)
    assert.deepEqual(
      failures.filter((title) => !crs3Exceptions.has(title)),
      [],
    )
    assert.ok(rate >= 99.5, `${rate} %`)
  },
)

/** Sends every stage on a connection of its own; answers the ids of their exchanges. */
async function sendAll(
  stages: readonly RegressionStage[],
  log: string,
): Promise<readonly (string | undefined)[]> {
  const off = { mode: 'off' }
  const waf = {
    rules: [writeRules(crs3Settings), crs3Loader],
    budget: '10s',
    logs: { errors: log, maxSize: '1GB' },
  }
  // Only the firewall is on trial: what other guards refuse before it would say nothing about rules.
  const others = ['protocol', 'cors', 'flood', 'quota', 'authentication', 'validation', 'leakage']
  await using gate = await startGate({
    settings: {
      anonymous: true,
      guards: { ...Object.fromEntries(others.map((name) => [name, off])), waf },
    },
    service: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(),
  })
  const ids: (string | undefined)[] = []
  const next = stages.entries()
  const send = async (): Promise<void> => {
    for (const [index, { wire }] of next) {
      const answer = await gate.opening(wire.toString('latin1'), /x-request-id: \w+\r\n[^]*\r\n\r\n/)
      ids[index] = /x-request-id: (\w+)/.exec(answer)?.[1]
    }
  }
  await Promise.all(Array.from({ length: 8 }, send))
  return ids
}
