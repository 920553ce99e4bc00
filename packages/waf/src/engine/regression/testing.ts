import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { formatDiagnostics, hasErrors } from '@gateward/kernel'
import { createWaf } from '../create-waf.ts'
import type { Waf } from '../waf.ts'
import type { RegressionStage } from './read-suite.ts'
import { runSuite } from './run-suite.ts'

/** An engine with settings, as the text of a rule file, before the rules of files. */
export async function wafWith(t: TestContext, settings: string, rules: readonly string[]): Promise<Waf> {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-crs-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'suite.conf')
  writeFileSync(file, settings)
  const { waf, diagnostics } = await createWaf({
    rules: [file, ...rules],
    // What rules find is asked here, not how fast: a busy machine must not change it.
    settings: { budget: Number.POSITIVE_INFINITY },
  })
  assert.ok(waf, formatDiagnostics(diagnostics))
  assert.ok(!hasErrors(diagnostics))
  return waf
}

/** Fails unless every stage goes as its suite expects, but those named with a reason, which must still go otherwise. */
export function assertFinds(
  t: TestContext,
  waf: Waf,
  stages: readonly RegressionStage[],
  exceptions: ReadonlyMap<string, string>,
): void {
  const failures = runSuite(waf, stages).flatMap(({ stage, isFine }) => (isFine ? [] : [stage.title]))
  const fine = stages.length - failures.length
  t.diagnostic(`${fine} of ${stages.length} stages (${((100 * fine) / stages.length).toFixed(2)} %)`)
  assert.deepEqual(
    failures.filter((title) => !exceptions.has(title)),
    [],
  )
  assert.deepEqual(
    [...exceptions.keys()].filter((title) => !failures.includes(title)),
    [],
    'these are no exceptions any more',
  )
}
