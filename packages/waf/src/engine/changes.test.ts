import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, compileText, wafOf } from './testing.ts'

const rules = `SecRule ARGS "@rx a" "id:100,msg:'about letters',tag:'letter/a'"
SecRule ARGS "@rx b" "id:101,msg:'about letters',tag:'letter/b'"
SecRule ARGS "@rx c" "id:200,msg:'other',tag:'other'"`

const request = { target: '/?x=abc&y=abc' }

const once = { target: '/?x=abc' }

test('rules are taken out by id, range, tag and message, at load', () => {
  for (const [directive, ids] of [
    ['SecRuleRemoveById 100', [101, 200]],
    ['SecRuleRemoveById 100-150 999', [200]],
    ['SecRuleRemoveByTag "letter/"', [200]],
    ['SecRuleRemoveByMsg "^other$"', [100, 101]],
  ] as const) {
    assert.deepEqual(ask(wafOf(`${rules}\n${directive}`), once).ids, ids, directive)
  }
})

test('rules are taken out by ctl for one transaction, wherever they stand behind it', () => {
  for (const [control, ids] of [
    ['ruleRemoveById=100', [101, 200]],
    ['ruleRemoveById=100-150', [200]],
    ['ruleRemoveByTag=letter/', [200]],
    ['ruleRemoveByMsg=other', [100, 101]],
    ['ruleEngine=Off', []],
  ] as const) {
    const waf = wafOf(`SecRule REQUEST_METHOD "@streq GET" "id:1,phase:1,nolog,ctl:${control}"\n${rules}`)
    assert.deepEqual(ask(waf, once).ids, ids, control)
    assert.deepEqual(ask(waf, { ...once, method: 'PUT' }).ids, [100, 101, 200], control)
  }
})

test('targets are taken out of rules, at load and by ctl', () => {
  for (const [directive, control] of [
    ['SecRuleUpdateTargetById 100-101 "!ARGS:x"', 'ruleRemoveTargetById=100-101;ARGS:x'],
    ['SecRuleUpdateTargetByTag "letter" "!ARGS:x"', 'ruleRemoveTargetByTag=letter;ARGS:x'],
    ['SecRuleUpdateTargetByMsg "letters" "!ARGS:/^X$/"', 'ruleRemoveTargetByMsg=letters;ARGS:/^X$/'],
  ] as const) {
    for (const waf of [
      wafOf(`${rules}\n${directive}`),
      wafOf(`SecAction "id:1,phase:1,nolog,ctl:${control}"\n${rules}`),
    ]) {
      const found = ask(waf, request).transaction.matches.map(({ id, variable }) => `${id} ${variable}`)
      assert.deepEqual(found, ['100 ARGS:y', '101 ARGS:y', '200 ARGS:x', '200 ARGS:y'], directive)
    }
  }
})

test('directives about rules are carried out wherever they stand', () => {
  for (const [directive, ids] of [
    ['SecRuleRemoveById 100', [101, 200]],
    ['SecRuleRemoveByTag "letter/"', [200]],
    ['SecRuleUpdateTargetById 200 "!ARGS:x"', [100, 101]],
    ['SecRuleUpdateTargetByMsg "letters" "!ARGS"', [200]],
    ['SecRuleUpdateActionById 101 "pass,nolog"', [100, 200]],
  ] as const) {
    const text = `${directive}\n${rules}`
    assert.deepEqual(compileText(text).diagnostics, [], directive)
    assert.deepEqual(ask(wafOf(text), once).ids, ids, directive)
  }
})

test('a whole JSON subtree is taken out with a regular expression', () => {
  const waf = wafOf(
    `SecAction "id:1,phase:1,nolog,ctl:ruleRemoveTargetById=100;ARGS:/^json\\.comment\\./"\n${rules}`,
  )
  const headers = { 'Content-Type': 'application/json' }
  assert.deepEqual(ask(waf, { headers, body: '{"comment":[{"text":"a"}]}' }).ids, [])
  assert.deepEqual(ask(waf, { headers, body: '{"comments":[{"text":"a"}]}' }).ids, [100])
})

test('a target is replaced, and actions are changed', () => {
  const waf = wafOf(`${rules}
    SecRuleUpdateTargetById 100 "REQUEST_METHOD" "ARGS"
    SecRuleUpdateActionById 101 "deny,status:409,msg:'changed'"
    SecRuleUpdateActionById 200 "t:none,t:uppercase"`)
  const { ids, verdict, transaction } = ask(waf, once)
  assert.deepEqual(ids, [101])
  assert.deepEqual(
    [verdict.kind === 'block' && verdict.status, transaction.matches[0]?.msg],
    [409, 'changed'],
  )
})

test('ctl chooses how the body is read', () => {
  const waf = wafOf(`SecAction "id:1,phase:1,nolog,ctl:requestBodyProcessor=JSON"
    SecRule ARGS:json.a "@streq 1" "id:2"`)
  assert.deepEqual(ask(waf, { headers: { 'Content-Type': 'text/x' }, body: '{"a":1}' }).ids, [2])
  const forced = wafOf(`SecAction "id:1,phase:1,nolog,ctl:forceRequestBodyVariable=On"
    SecRule REQUEST_BODY "@streq raw" "id:2"`)
  assert.deepEqual(ask(forced, { headers: { 'Content-Type': 'text/x' }, body: 'raw' }).ids, [2])
  const closed = wafOf(`SecAction "id:1,phase:1,nolog,ctl:requestBodyAccess=Off"
    SecRule ARGS "@rx ." "id:2"`)
  assert.deepEqual(ask(closed, { headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }).ids, [])
})

test('several rules are named by one directive', () => {
  const two = `SecRuleUpdateTargetById 100 101-102 "!ARGS:x"\n${rules}`
  assert.deepEqual(ask(wafOf(two), { target: '/?x=a' }).ids, ask(wafOf(rules), { target: '/' }).ids)
  const quiet = wafOf(`SecRuleUpdateActionById 100 200 "nolog"\n${rules}`)
  assert.ok(ask(quiet, once).ids.every((id) => id !== 100 && id !== 200))
})

test('a body that is forced into view and has no reader is read as a form', () => {
  const waf = wafOf(`SecAction "id:1,phase:1,nolog,ctl:forceRequestBodyVariable=On"
    SecRule ARGS_POST:a "@streq b c" "id:2"
    SecRule REQBODY_PROCESSOR "@streq URLENCODED" "id:3"`)
  assert.deepEqual(ask(waf, { body: 'a=b+c' }).ids, [2, 3])
})

test('arguments of the query and of the body are counted together', () => {
  const waf = wafOf('SecArgumentsLimit 3\nSecRule REQBODY_ERROR "@eq 1" "id:1"')
  const headers = { 'Content-Type': 'application/json' }
  assert.deepEqual(ask(waf, { target: '/?a=1', headers, body: '{"b":1,"c":2}' }).ids, [])
  assert.deepEqual(ask(waf, { target: '/?a=1', headers, body: '{"b":1,"c":2,"d":3}' }).ids, [1])
})

test('ctl sets the limits of bodies, and lets a body be seen as it is', () => {
  const waf = wafOf(`SecRequestBodyLimitAction ProcessPartial
    SecRule REQUEST_URI "@streq /long" "id:1,phase:1,nolog,ctl:requestBodyLimit=3,ctl:responseBodyLimit=2"
    SecRule REQUEST_URI "@streq /raw" "id:2,phase:1,nolog,ctl:requestBodyProcessor=RAW"
    SecRule INBOUND_DATA_ERROR "@eq 1" "id:3"
    SecRule OUTBOUND_DATA_ERROR "@eq 1" "id:4,phase:4"
    SecRule REQUEST_BODY "@streq a=bcd" "id:5"
    SecRule ARGS "@rx ." "id:6"`)
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  assert.deepEqual(ask(waf, { headers, body: 'a=bcd' }).ids, [5, 6])
  assert.deepEqual(ask(waf, { target: '/long', headers, body: 'a=bcd' }).ids, [3, 6, 4])
  assert.deepEqual(ask(waf, { target: '/raw', headers, body: 'a=bcd' }).ids, [5])
})

test('what needs no doing here is told and loads, and what cannot be done is refused with the reason', () => {
  for (const [text, severity] of [
    ['SecConnReadStateLimit 50', 'warning'],
    ['SecServerSignature "a b"', 'warning'],
    ['SecAction "id:1,ctl:debugLogLevel=9"', 'warning'],
    ['SecAction "id:1,ctl:forceResponseBodyVariable=On"', 'warning'],
    ['SecAction "id:1,ctl:responseBodyProcessor=JSON"', 'error'],
    ['SecRule ARGS "@pmFromDataset a" "id:1"', 'error'],
    ['SecParseXmlIntoArgs On', 'error'],
  ] as const) {
    const { diagnostics } = compileText(text)
    assert.deepEqual([text, diagnostics.map((told) => told.severity)], [text, [severity]])
    assert.match(diagnostics[0]?.message ?? '', severity === 'error' ? /is refused: / : /changes nothing: /)
  }
  assert.deepEqual(compileText('SecParseXmlIntoArgs Off').diagnostics, [])
})

test('ctl says what is audited', () => {
  const waf = wafOf(
    'SecAction "id:1,phase:1,nolog,ctl:auditEngine=On,ctl:auditLogParts=+E,ctl:auditLogParts=-B"',
  )
  const { transaction } = ask(waf)
  assert.equal(transaction.auditMode, 'on')
  assert.equal(transaction.auditParts, 'AIJDFHZE')
})

const mistakes: readonly (readonly [rule: string, code: string])[] = [
  ['SecRule ARGZ "@rx a" "id:1"', 'unknown-variable'],
  ['SecRule ARGS "@rxx a" "id:1"', 'unknown-operator'],
  ['SecRule ARGS "@rx (a" "id:1"', 'regular-expression'],
  ['SecRule ARGS:/(/ "@rx a" "id:1"', 'bad-regex'],
  ['SecRule ARGS "@rx a" "id:1,t:lowercas"', 'unknown-transformation'],
  ['SecRule ARGS "@rx a" "id:1,denyy"', 'unknown-action'],
  ['SecRule ARGS "@rx a" "phase:2"', 'missing-id'],
  ['SecRule ARGS "@rx a" "id:1,phase:7"', 'bad-phase'],
  ['SecRule ARGS "@rx a" "id:1,phase:constructor"', 'bad-phase'],
  ['SecRule ARGS "@rx a" "id:1"\nSecAction "id:1"', 'duplicate-id'],
  ['SecAction "id:1,setvar:args.x=1"', 'bad-setvar'],
  ['SecAction "id:1,setenv:=1"', 'bad-setenv'],
  ['SecAction "id:1,setenv:!a=1"', 'bad-setenv'],
  ['SecAction "id:1,expirevar:tx.x=1"', 'bad-expirevar'],
  ['SecAction "id:1,initcol:tx=1"', 'bad-initcol'],
  ['SecAction "id:1,ctl:ruleEngin=On"', 'unknown-control'],
  ['SecAction "id:1,ctl:constructor=On"', 'unknown-control'],
  ['SecAction "id:1,ctl:ruleEngine=Maybe"', 'bad-control'],
  ['SecAction "id:1,ctl:ruleRemoveById=x"', 'bad-rule-id'],
  ['SecAction "id:1,ctl:ruleRemoveTargetById=1"', 'bad-control'],
  ['SecAction "id:1,ctl:requestBodyLimit=much"', 'bad-control'],
  ['SecRuleRemoveById 7-5', 'bad-rule-id'],
  ['SecAction "id:1,severity:LOUD"', 'bad-severity'],
  ['SecAction "id:1,deny,status:99"', 'bad-status'],
  ['SecAction "id:1,skip:-1"', 'bad-skip'],
  ['SecAction "id:1,skip:many"', 'bad-skip'],
  ['SecAction "id:1,allow:never"', 'bad-allow'],
  ['SecRuleEngin On', 'unknown-directive'],
  ['SecRuleEngine Maybe', 'bad-value'],
  ['SecArgumentSeparator ;', 'bad-value'],
  ['SecWebAppId', 'bad-value'],
  ['SecDefaultAction "log,pass"', 'bad-phase'],
  ['SecDefaultAction "phase:2,log"', 'bad-default'],
  ['SecDefaultAction "phase:2,log,pass,id:1"', 'bad-default'],
  ['SecUnicodeMapFile unicode.mapping 1251', 'bad-value'],
  ['SecXmlExternalEntity On', 'refused-directive'],
  ['SecRule XML://book/title "@rx ." "id:1"', 'refused-xpath'],
  ['SecRule XML:/book/ "@rx ." "id:1"', 'refused-xpath'],
  ['SecRule GEO:COUNTRY_CODE "@streq AQ" "id:1"', 'refused-variable'],
]

test('a mistake is told with its place, and nothing is loaded', () => {
  for (const [text, code] of mistakes) {
    const { ruleSet, diagnostics } = compileText(text)
    assert.equal(ruleSet, undefined, text)
    assert.deepEqual(
      diagnostics.filter((one) => one.severity === 'error').map((one) => one.code),
      [code],
      text,
    )
    assert.equal(diagnostics[0]?.position?.file, 'test.conf')
  }
})

test('what changes nothing is told, and loaded', () => {
  for (const [text, code] of [
    ['SecTmpDir /tmp', 'ineffective-directive'],
    ['SecUnicodeMapFile unicode.mapping 20127', 'ineffective-directive'],
    ['SecRuleRemoveById 77', 'no-such-rule'],
    ['SecAction "id:1,skipAfter:NOWHERE"', 'missing-marker'],
    ['SecRule REMOTE_ADDR "@rbl example.org" "id:1"', 'rule-left-out'],
  ] as const) {
    const { ruleSet, diagnostics } = compileText(text)
    assert.ok(ruleSet, text)
    assert.deepEqual(
      diagnostics.map(({ code: told, severity }) => [told, severity]),
      [[code, 'warning']],
    )
  }
})
