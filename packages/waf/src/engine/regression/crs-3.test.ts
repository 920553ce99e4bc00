import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crs3Exceptions, crs3Loader, crs3Missing, crs3Settings, crs3Suite } from './crs-3.ts'
import { readSuite } from './read-suite.ts'
import { assertFinds, wafWith } from './testing.ts'

test('the Core Rule Set 3.3.4 finds what its regression suite expects', { skip: crs3Missing }, async (t) => {
  const waf = await wafWith(t, crs3Settings, [crs3Loader])
  const stages = readSuite(crs3Suite)
  assert.ok(stages.length > 1_000, `${stages.length} stages`)
  assertFinds(t, waf, stages, crs3Exceptions)
})
