import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import { ask, headOf, wafOf } from './testing.ts'

test('skipAfter goes on behind the marker, in the phase where it matched', () => {
  const waf = wafOf(`SecAction "id:1,phase:1,skipAfter:END"
    SecAction "id:2,phase:1"
    SecAction "id:3,phase:2"
    SecMarker "END"
    SecAction "id:4,phase:1"`)
  assert.deepEqual(ask(waf).ids, [1, 4, 3])
})

test('skip passes over as many rules, chains counting as one', () => {
  const waf = wafOf(`SecAction "id:1,skip:2"
    SecRule ARGS "@rx ." "id:2,chain"
    SecRule ARGS "@rx ."
    SecAction "id:3"
    SecAction "id:4"`)
  assert.deepEqual(ask(waf, { target: '/?a=1' }).ids, [1, 4])
})

test('setvar assigns, adds, subtracts, deletes, and expands macros in keys and values', () => {
  const waf = wafOf(`SecAction "id:1,nolog,setvar:tx.A=5,setvar:tx.b=+3,setvar:tx.a=+%{tx.b},setvar:tx.a=-1"
    SecAction "id:2,nolog,setvar:'tx.of_%{request_method}=%{tx.a} times',setvar:tx.flag,setvar:!tx.b"
    SecRule TX:of_get "@streq 7 times" "id:3"
    SecRule TX:flag "@eq 1" "id:4"
    SecRule &TX:b "@eq 0" "id:5"
    SecRule TX:/^OF_/ "@streq 7 times" "id:6"`)
  assert.deepEqual(ask(waf).ids, [3, 4, 5, 6])
})

test('the last rule of a chain may name the status of its denial', () => {
  const waf = wafOf(`SecRule ARGS "@rx a" "id:1,phase:2,deny,status:418,chain"
    SecRule ARGS "@rx b" "status:437"`)
  assert.deepEqual(ask(waf, { target: '/?x=ab' }).verdict, {
    kind: 'block',
    status: 437,
    ruleId: 1,
    score: 0,
  })
})

test('deny blocks with its status, later phases are not asked, logging is', () => {
  const waf = wafOf(`SecRule ARGS "@rx a" "id:1,phase:2,deny,status:418"
    SecAction "id:2,phase:2"
    SecAction "id:3,phase:3"
    SecAction "id:4,phase:5"`)
  const { ids, verdict } = ask(waf, { target: '/?x=a' })
  assert.deepEqual(ids, [1, 4])
  assert.deepEqual(verdict, { kind: 'block', status: 418, ruleId: 1, score: 0 })
})

test('block does what SecDefaultAction of its phase says', () => {
  const rule = 'SecRule ARGS "@rx a" "id:1,phase:2,block"'
  assert.equal(ask(wafOf(rule), { target: '/?x=a' }).verdict.kind, 'pass')
  const denying = `SecDefaultAction "phase:2,log,deny,status:406"\n${rule}`
  assert.deepEqual(ask(wafOf(denying), { target: '/?x=a' }).verdict, {
    kind: 'block',
    status: 406,
    ruleId: 1,
    score: 0,
  })
  const other = `SecDefaultAction "phase:1,log,deny,status:406"\n${rule}`
  assert.equal(ask(wafOf(other), { target: '/?x=a' }).verdict.kind, 'pass')
})

test('transformations of SecDefaultAction come first, and t:none takes them back', () => {
  const waf = wafOf(`SecDefaultAction "phase:2,log,pass,t:lowercase"
    SecRule ARGS "@streq a" "id:1"
    SecRule ARGS "@streq a" "id:2,t:none"`)
  assert.deepEqual(ask(waf, { target: '/?x=A' }).ids, [1])
})

test('redirect blocks and says where to go', () => {
  const waf = wafOf(`SecAction "id:1,redirect:'http://%{request_headers.host}/sorry'"`)
  assert.deepEqual(ask(waf, { headers: { Host: 'shop' } }).verdict, {
    kind: 'block',
    status: 302,
    ruleId: 1,
    score: 0,
    location: 'http://shop/sorry',
  })
})

test('the verdict carries the anomaly score', () => {
  const waf = wafOf(`SecAction "id:1,phase:1,nolog,setvar:tx.anomaly_score=+15"
    SecRule TX:ANOMALY_SCORE "@ge 5" "id:2,deny"`)
  const { verdict } = ask(waf)
  assert.deepEqual(verdict, { kind: 'block', status: 403, ruleId: 2, score: 15 })
})

test('allow ends the rules of its span', () => {
  const rules = (span: string) => `SecAction "id:1,phase:1,allow${span}"
    SecAction "id:2,phase:1"
    SecAction "id:3,phase:2"
    SecAction "id:4,phase:3"
    SecAction "id:5,phase:5"`
  assert.deepEqual(ask(wafOf(rules(':phase'))).ids, [1, 3, 4, 5])
  assert.deepEqual(ask(wafOf(rules(':request'))).ids, [1, 4, 5])
  assert.deepEqual(ask(wafOf(rules(''))).ids, [1, 5])
})

test('DetectionOnly matches and never blocks; Off asks nothing', () => {
  const rule = 'SecAction "id:1,phase:1,deny"\nSecAction "id:2,phase:2"'
  const detecting = ask(wafOf(`SecRuleEngine DetectionOnly\n${rule}`))
  assert.deepEqual([detecting.ids, detecting.verdict.kind], [[1, 2], 'pass'])
  assert.deepEqual(ask(wafOf(`SecRuleEngine Off\n${rule}`)).ids, [])
})

test('nolog keeps a match out of the log, and noauditlog out of the audit record', () => {
  const waf = wafOf('SecAction "id:1,nolog"\nSecAction "id:2,noauditlog"\nSecAction "id:3"')
  assert.deepEqual(
    ask(waf).transaction.matches.map(({ id, isAudited }) => [id, isAudited]),
    [
      [2, false],
      [3, true],
    ],
  )
})

test('HIGHEST_SEVERITY is the gravest that has matched', () => {
  const waf = wafOf(`SecAction "id:1,severity:WARNING"
    SecAction "id:2,severity:'CRITICAL'"
    SecAction "id:3,severity:5"
    SecRule HIGHEST_SEVERITY "@eq 2" "id:4"`)
  assert.deepEqual(ask(waf).ids, [1, 2, 3, 4])
})

test('collections outlive a transaction, their values expire, and other keys are other records', () => {
  const clock = new ManualClock()
  const waf = wafOf(
    `SecAction "id:1,phase:1,nolog,initcol:ip=%{REQUEST_HEADERS.X-Who},setvar:ip.count=+1,expirevar:ip.count=60"
    SecRule IP:count "@ge 3" "id:2,phase:1,msg:'%{ip.count}'"`,
    { clock },
  )
  const by = (who: string) => ask(waf, { headers: { 'X-Who': who } }).ids
  assert.deepEqual([by('a'), by('a'), by('b'), by('a')], [[], [], [], [2]])
  clock.advance(61_000)
  assert.deepEqual(by('a'), [])
})

test('a transaction whose budget is used up is blocked, or passed if so declared', () => {
  const rules = Array.from(
    { length: 64 },
    (_, index) => `SecRule &ARGS "@eq 0" "id:${index + 1},nolog"`,
  ).join('\n')
  for (const [onBudget, kind] of [
    ['block', 'block'],
    ['pass', 'pass'],
  ] as const) {
    const ticking = new ManualClock()
    const clock = {
      now: () => ticking.now(),
      tick: () => {
        ticking.advance(1)
        return ticking.tick()
      },
    }
    const { verdict, transaction } = ask(wafOf(rules, { clock, budget: 1_000, onBudget }))
    assert.equal(verdict.kind, kind)
    assert.equal(transaction.isComplete, false)
  }
})

test('a body past its limit is refused, or read in part if so declared', () => {
  const limit = 'SecRequestBodyNoFilesLimit 4\nSecRule REQUEST_BODY "@streq a=12" "id:1"'
  const request = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'a=123' }
  const refused = ask(wafOf(limit), request)
  assert.deepEqual(refused.verdict, { kind: 'block', status: 413, ruleId: 0, score: 0 })
  const partial = ask(wafOf(`SecRequestBodyLimitAction ProcessPartial\n${limit}`), request)
  assert.deepEqual(partial.ids, [1])
})

const multipart = {
  headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
  body: `--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n${'1'.repeat(300)}\r\n--b--\r\n`,
}

test('SecRequestBodyLimit is for bodies of every type, SecRequestBodyNoFilesLimit for what of them is no file', () => {
  const error = 'SecRule REQBODY_ERROR "@eq 1" "id:1"\nSecRule INBOUND_DATA_ERROR "@eq 1" "id:2"'
  const statusOf = (rules: string) => {
    const { verdict } = ask(wafOf(rules), multipart)
    return verdict.kind === 'block' ? verdict.status : 200
  }
  assert.equal(statusOf('SecRequestBodyNoFilesLimit 200'), 200)
  assert.equal(statusOf('SecRequestBodyNoFilesLimit 20'), 413)
  assert.equal(statusOf('SecRequestBodyLimit 200'), 413)
  assert.deepEqual(ask(wafOf(`SecRequestBodyNoFilesLimit 200\n${error}`), multipart).ids, [])
  for (const lenient of ['SecRequestBodyLimitAction ProcessPartial', 'SecRuleEngine DetectionOnly']) {
    const { ids, verdict } = ask(wafOf(`${lenient}\nSecRequestBodyNoFilesLimit 20\n${error}`), multipart)
    assert.deepEqual([ids, verdict.kind], [[1, 2], 'pass'])
  }
  const plain = { headers: { 'Content-Type': 'text/plain' }, body: '12345' }
  assert.deepEqual(ask(wafOf('SecRequestBodyLimit 4'), plain).verdict.kind, 'block')
})

test('in DetectionOnly no answer is refused for its length', () => {
  const limit = 'SecResponseBodyLimitAction Reject\nSecResponseBodyLimit 2'
  assert.equal(ask(wafOf(limit)).verdict.kind, 'block')
  assert.equal(ask(wafOf(`SecRuleEngine DetectionOnly\n${limit}`)).verdict.kind, 'pass')
})

test('which bodies of responses are wanted is said by their types', () => {
  const waf = wafOf('SecResponseBodyMimeTypesClear\nSecResponseBodyMimeType text/html')
  const transaction = waf.begin(headOf({}))
  assert.equal(transaction.wantsResponseBody('text/html; charset=utf-8'), true)
  assert.equal(transaction.wantsResponseBody('text/event-stream'), false)
})

test('the first types of responses that rules name take the place of those by default', () => {
  const waf = wafOf('SecResponseBodyMimeType text/html\nSecResponseBodyMimeType text/css')
  assert.deepEqual(waf.responseBodyTypes, ['text/html', 'text/css'])
})

test('GLOBAL is one record for all transactions, which nobody need open', () => {
  const waf = wafOf(`SecRule ARGS:set "@rx ." "id:1,phase:1,nolog,setvar:global.seen=%{ARGS.set}"
    SecRule GLOBAL:seen "@streq a" "id:2"`)
  assert.deepEqual(ask(waf, { target: '/?set=a' }).ids, [2])
  assert.deepEqual(ask(waf).ids, [2])
})

test('a chain that the last file leaves open never matches, and an action without an id runs', () => {
  const waf = wafOf(`SecAction "phase:1,nolog,setvar:tx.a=1"
    SecRule TX:a "@eq 1" "id:1"
    SecRule ARGS "@rx ." "id:2,chain"`)
  assert.deepEqual(ask(waf, { target: '/?x=a' }).ids, [1])
})
