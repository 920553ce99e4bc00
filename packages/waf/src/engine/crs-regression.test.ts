import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatDiagnostics, hasErrors } from '@gateward/kernel'
import { createWaf } from './create-waf.ts'
import type { RegressionStage } from './crs-regression.ts'
import { crsLoader, missingForRegression, readRegression } from './crs-regression.ts'
import { formatLogLine } from './log-line.ts'
import type { Waf } from './waf.ts'

const missing = missingForRegression()

/** Stages that go otherwise here, and why. */
const exceptions: ReadonlyMap<string, string> = new Map([
  [
    '920181-1',
    'a server refuses Content-Length beside Transfer-Encoding; the engine sees bodies after chunks are joined',
  ],
  ...['920460-1', '920460-2', '920460-3', '920460-4', '941330-1'].map((title): [string, string] => [
    title,
    'its rule counts on Apache halving backslashes between quotes, which libmodsecurity and rules of CRS 4 do not',
  ]),
  ...['942100-4', '942100-12', '942100-13', '942101-2', '942101-6'].map((title): [string, string] => [
    title,
    'its text changes no SQL statement, which is what the detector decides by',
  ]),
])

/** The settings of the suite's own instructions. */
const suiteSettings = `SecAction "id:900005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:ruleRemoveById=910000,\\
  setvar:tx.paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,setvar:tx.arg_name_length=100,\\
  setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,\\
  setvar:tx.max_file_size=64100,setvar:tx.combined_file_size=65535"
`

test(
  'the Core Rule Set 3.3.4 finds what its regression suite expects',
  { skip: missing ?? false },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'gateward-crs-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const settings = join(folder, 'suite.conf')
    writeFileSync(settings, suiteSettings)
    const { waf, diagnostics } = await createWaf({ rules: [settings, crsLoader] })
    assert.ok(waf, formatDiagnostics(diagnostics))
    assert.ok(!hasErrors(diagnostics))

    const stages = readRegression()
    const failures = stages.flatMap((stage) => {
      const log = logOf(waf, stage)
      const isFine = (stage.expected?.test(log) ?? true) && !(stage.unexpected?.test(log) ?? false)
      return isFine ? [] : [stage.title]
    })
    const rate = (100 * (stages.length - failures.length)) / stages.length
    t.diagnostic(`${stages.length - failures.length} of ${stages.length} stages (${rate.toFixed(2)} %)`)
    assert.deepEqual(
      failures.filter((title) => !exceptions.has(title)),
      [],
    )
  },
)

function logOf(waf: Waf, { head, body }: RegressionStage): string {
  const transaction = waf.begin(head)
  transaction.requestHeaders()
  transaction.requestBody(body)
  transaction.responseHeaders({ status: 200, protocol: 'HTTP/1.1', headers: [['Content-Type', 'text/html']] })
  transaction.responseBody(Buffer.from(''))
  transaction.logging()
  const context = { hostname: 'localhost', uri: head.target, id: head.id, clientAddress: head.clientAddress }
  return transaction.matches.map((match) => formatLogLine(match, context)).join('\n')
}
