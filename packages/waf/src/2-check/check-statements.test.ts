import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseRules } from '../1-parse/parse-rules.ts'
import { checkStatements } from './check-statements.ts'

function mistakes(text: string): readonly string[] {
  const { statements, diagnostics } = parseRules(text, 'a.conf')
  assert.deepEqual(diagnostics, [])
  return checkStatements(statements).map(({ code, position }) => `${position?.line} ${code}`)
}

test('Lua, programs and remote rules are refused by name, with the reason', () => {
  assert.deepEqual(
    mistakes('SecRuleScript a.lua\nSecAction "id:1,exec:/bin/sh"\nSecRemoteRules key https://a.example'),
    ['1 refused-directive', '2 refused-action', '3 refused-directive'],
  )
  const { statements } = parseRules('SecAction "id:1,exec:/bin/sh"', 'a.conf')
  assert.equal(checkStatements(statements)[0]?.message, 'the action exec is refused: rules run no programs')
})

test('what masks values and reads XPath is refused by name', () => {
  assert.deepEqual(mistakes('SecAction "id:1,sanitiseArg:password,xmlns:a=b"'), [
    '1 refused-action',
    '1 refused-action',
  ])
})

test('a chain goes on in the rule that follows, and only its first rule decides', () => {
  const first = 'SecRule ARGS "@rx a" "id:1,phase:2,deny,chain"\n'
  assert.deepEqual(mistakes(`${first}SecRule ARGS "@rx b" "chain"\nSecRule ARGS "@rx c"`), [])
  assert.deepEqual(mistakes(first), ['1 broken-chain'])
  assert.deepEqual(mistakes(`${first}SecMarker A\nSecRule ARGS "@rx b" "id:2"`), ['1 broken-chain'])
  assert.deepEqual(mistakes(`${first}SecRule ARGS "@rx b" "id:2,t:none,deny"`), [
    '2 chained-action',
    '2 chained-action',
  ])
})

test('what other engines let stand in a chain is told, and stops no load', () => {
  const first = 'SecRule ARGS "@rx a" "id:1,phase:2,deny,chain"\n'
  for (const text of [first, `${first}SecRule ARGS "@rx b" "id:2,phase:1"`]) {
    const { statements } = parseRules(text, 'a.conf')
    assert.ok(checkStatements(statements).every(({ severity }) => severity === 'warning'))
  }
})

test('an action has an argument where it needs one, and none where it would mean nothing', () => {
  assert.deepEqual(mistakes('SecAction "id:1,deny:403"\nSecAction "id:2,msg,allow,allow:phase"'), [
    '1 stray-argument',
    '2 missing-argument',
  ])
})

const coreRuleSet = '/usr/share/modsecurity-crs/rules'

test(
  'the Core Rule Set has no mistake',
  { skip: !existsSync(coreRuleSet) && `${coreRuleSet} is not there (Debian's package modsecurity-crs)` },
  () => {
    for (const file of globSync(`${coreRuleSet}/*.conf`)) {
      assert.deepEqual(mistakes(readFileSync(file, 'latin1')), [], file)
    }
  },
)
