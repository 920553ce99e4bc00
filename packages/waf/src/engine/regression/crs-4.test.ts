import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSuite } from './read-suite.ts'
import { assertFinds, wafWith } from './testing.ts'

/** A checkout of https://github.com/coreruleset/coreruleset, any release of 4.x or its main branch. */
const checkout = process.env['GATEWARD_CRS4'] ?? ''

const missing =
  checkout === ''
    ? 'GATEWARD_CRS4 names no checkout of the Core Rule Set 4.x: git clone https://github.com/coreruleset/coreruleset'
    : !existsSync(join(checkout, 'rules')) && `${checkout} has no folder rules`

/** Stages that go otherwise here, and why. */
const exceptions: ReadonlyMap<string, string> = new Map([
  [
    '920181-1',
    'a server refuses Content-Length beside Transfer-Encoding; the engine sees bodies after chunks are joined',
  ],
  ['920620-1', 'Apache joins two Content-Type fields to one; its rule is right to match where they are two'],
  ['921140-1', 'a server refuses a line feed in a header; the engine sees it and its rule matches'],
  [
    '942101-11',
    'its path holds a whole UNION SELECT, which the detector finds; the suite leaves it to other rules',
  ],
  ...['942100-4', '942100-12', '942100-13', '942101-2', '942101-6', '942101-9'].map(
    (title): [string, string] => [
      title,
      'its text changes no SQL statement, which is what the detector decides by',
    ],
  ),
])

/** The settings of the suite's own instructions, and of the containers that it runs in. */
const settings = `SecAction "id:900005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:ruleRemoveById=910000,\\
  setvar:tx.blocking_paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,setvar:tx.arg_name_length=100,\\
  setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,\\
  setvar:tx.max_file_size=64100,setvar:tx.combined_file_sizes=65535"
`

test('the Core Rule Set 4 finds what its regression suite expects', { skip: missing }, async (t) => {
  const rules = [join(checkout, 'crs-setup.conf.example'), join(checkout, 'rules/*.conf')]
  const waf = await wafWith(t, settings, rules)
  const stages = readSuite(join(checkout, 'tests/regression/tests'))
  assert.ok(stages.length > 3_000, `${stages.length} stages`)
  assertFinds(t, waf, stages, exceptions)
})
