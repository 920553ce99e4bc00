import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, wafOf } from './testing.ts'
import type { TestRequest } from './testing.ts'

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** A rule of id 1, a request, and whether they match. */
const cases: readonly (readonly [rule: string, request: TestRequest, matches: boolean])[] = [
  ['ARGS "@rx ^a$"', { target: '/?x=a' }, true],
  ['ARGS "@rx ^a$"', { method: 'POST', headers: form, body: 'x=a' }, true],
  ['ARGS_GET "@rx ^a$"', { method: 'POST', headers: form, body: 'x=a' }, false],
  ['ARGS_POST "@rx ^a$"', { method: 'POST', headers: form, body: 'x=a' }, true],
  ['ARGS:X "@rx ^a$"', { target: '/?x=a' }, true],
  ['ARGS:y "@rx ^a$"', { target: '/?x=a' }, false],
  ['ARGS:/^x/ "@rx ^a$"', { target: '/?xyz=a' }, true],
  ['ARGS|!ARGS:x "@rx ^a$"', { target: '/?x=a' }, false],
  ['ARGS|!ARGS:/^X/ "@rx ^a$"', { target: '/?xyz=a' }, false],
  ['ARGS|!ARGS:x "@rx ^a$"', { target: '/?x=a&y=a' }, true],
  ['&ARGS "@eq 2"', { target: '/?x=a&y=a' }, true],
  ['&ARGS:x "@eq 2"', { target: '/?x=a&x=b&y=c' }, true],
  ['&ARGS:z "@eq 0"', { target: '/?x=a' }, true],
  ['ARGS_NAMES "@streq x"', { target: '/?x=a' }, true],
  ['ARGS_COMBINED_SIZE "@eq 4"', { target: '/?x=a&y=b' }, true],
  ['REQUEST_HEADERS:user-agent "@streq me"', { headers: { 'User-Agent': 'me' } }, true],
  ['REQUEST_HEADERS_NAMES "@streq User-Agent"', { headers: { 'User-Agent': 'me' } }, true],
  ['REQUEST_COOKIES:a "@streq 1"', { headers: { Cookie: 'a=1; b=2' } }, true],
  ['REQUEST_COOKIES_NAMES "@streq b"', { headers: { Cookie: 'a=1; b=2' } }, true],
  ['REQUEST_URI "@streq //admin?x=1"', { target: '//admin?x=1' }, true],
  ['REQUEST_URI "@streq /a?b"', { target: 'http://example.com/a?b' }, true],
  ['REQUEST_URI_RAW "@streq http://example.com/a?b"', { target: 'http://example.com/a?b' }, true],
  ['REQUEST_FILENAME "@streq /a?b"', { target: '/a%3fb?c=1' }, true],
  ['QUERY_STRING "@streq c=1"', { target: '/a%3fb?c=1' }, true],
  ['REQUEST_BASENAME "@streq b.php"', { target: '/a/b.php?x' }, true],
  ['REQUEST_LINE "@streq GET /x HTTP/1.1"', { target: '/x' }, true],
  ['REQUEST_BODY "@contains x=a"', { method: 'POST', headers: form, body: 'x=a' }, true],
  ['REQBODY_PROCESSOR "@streq JSON"', { headers: { 'Content-Type': 'application/json' } }, true],
  [
    'ARGS:json.a.array_0 "@streq q"',
    { headers: { 'Content-Type': 'application/json' }, body: '{"a":["q"]}' },
    true,
  ],
  ['REQBODY_ERROR "@eq 1"', { headers: { 'Content-Type': 'application/json' }, body: '{"a":' }, true],
  ['REQBODY_ERROR "@eq 0"', { headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }, true],
  ['URLENCODED_ERROR "@eq 1"', { target: '/?a=%4' }, true],
  ['URLENCODED_ERROR "@eq 0"', { target: '/?a=%41' }, true],
  ['URLENCODED_ERROR "@eq 1"', { target: '/?a=%4', headers: form, body: 'a=1' }, true],
  ['REMOTE_ADDR "@ipMatch 192.0.2.0/24"', {}, true],
  ['ARGS "!@rx ^a$"', { target: '/?x=b' }, true],
  ['ARGS "!@rx ^a$"', { target: '/' }, false],
  ['ARGS "@streq a" "t:none,t:lowercase', { target: '/?x=A' }, true],
]

test('a rule matches the values that its targets name, and no others', () => {
  for (const [rule, request, matches] of cases) {
    const text = rule.includes('"t:') ? `SecRule ${rule},id:1"` : `SecRule ${rule} "id:1"`
    const { ids } = ask(wafOf(text), request)
    assert.deepEqual(ids.length > 0, matches, rule)
  }
})

test('every value that matches counts, and is named', () => {
  const waf = wafOf(`SecRule ARGS "@rx a" "id:1,logdata:'%{MATCHED_VAR_NAME}=%{MATCHED_VAR}',setvar:tx.n=+5"
    SecRule TX:n "@eq 10" "id:2,msg:'score %{tx.n}'"`)
  const { transaction } = ask(waf, { target: '/?x=a&y=b&z=a' })
  assert.deepEqual(
    transaction.matches.map(({ id, data, msg, variable }) => [id, data || msg, variable]),
    [
      [1, 'ARGS:x=a', 'ARGS:x'],
      [1, 'ARGS:z=a', 'ARGS:z'],
      [2, 'score 10', 'TX:n'],
    ],
  )
})

test('a chain matches when each of its rules does, and its first rule speaks for it', () => {
  const waf = wafOf(`SecRule ARGS "@rx ^(a+)(b*)$" "id:1,capture,chain,msg:'%{tx.0}|%{tx.1}|%{tx.2}'"
    SecRule REQUEST_METHOD "@streq GET" "setvar:tx.hit=1"
    SecRule TX:hit "@eq 1" "id:2"`)
  assert.deepEqual(
    ask(waf, { target: '/?x=aab' }).transaction.matches.map(({ msg }) => msg),
    ['aab|aa|b', ''],
  )
  assert.deepEqual(ask(waf, { target: '/?x=aab', method: 'PUT' }).ids, [])
})

test('MATCHED_VARS holds what the chain has matched so far', () => {
  const waf = wafOf(`SecRule ARGS "@rx a" "id:1,chain"
    SecRule MATCHED_VARS "@rx b" "chain"
    SecRule &MATCHED_VARS "@eq 1" "setvar:tx.one=1"
    SecRule TX:one "@eq 1" "id:2"`)
  assert.deepEqual(ask(waf, { target: '/?x=a&y=ab&z=b' }).ids, [1, 2])
  assert.deepEqual(ask(waf, { target: '/?x=ab&y=ab' }).ids, [])
  assert.deepEqual(ask(waf, { target: '/?x=a&z=b' }).ids, [])
})

test('multiMatch asks about every form on the way', () => {
  const plain = 'SecRule ARGS "@contains A" "id:1,t:none,t:lowercase,t:urlDecode"'
  assert.deepEqual(ask(wafOf(plain), { target: '/?x=A' }).ids, [])
  const every = 'SecRule ARGS "@contains A" "id:1,t:none,t:lowercase,t:urlDecode,multiMatch"'
  assert.deepEqual(ask(wafOf(every), { target: '/?x=A' }).ids, [1])
})

test('multiMatch counts every form of a value that matches, and a form that nothing changed once', () => {
  const waf = wafOf(`SecRule ARGS "@contains a" "id:1,nolog,t:lowercase,t:trim,multiMatch,setvar:tx.n=+1"
    SecRule TX:n "@eq 2" "id:2"`)
  assert.deepEqual(ask(waf, { target: '/?x=aB' }).ids, [2])
  assert.deepEqual(ask(waf, { target: '/?x=ab&y=a+' }).ids, [])
})

test('the last rule of a chain that has a message is the one that is told', () => {
  const waf = wafOf(`SecRule ARGS:x "@rx ." "id:1,msg:'first',logdata:'%{MATCHED_VAR}',chain"
    SecRule ARGS:y "@rx ." "msg:'second'"`)
  const [match] = ask(waf, { target: '/?x=1&y=2' }).transaction.matches
  assert.deepEqual([match?.msg, match?.data], ['second', '2'])
})

test('a macro names a key by an expression too', () => {
  const waf = wafOf(`SecAction "id:1,phase:1,nolog,setvar:tx.allowed_names=/a/"
    SecRule ARGS:x "@within %{TX:/^ALLOWED_/}" "id:2,msg:'%{ARGS:/^X$/}%.'"`)
  const { ids, transaction } = ask(waf, { target: '/?x=a' })
  assert.deepEqual([ids, transaction.matches[0]?.msg], [[2], 'a.'])
})

test('macros in an operator are read per request', () => {
  const waf = wafOf('SecRule ARGS:next "@endsWith .%{request_headers.host}" "id:1"')
  assert.deepEqual(ask(waf, { target: '/?next=a.example', headers: { Host: 'example' } }).ids, [1])
  assert.deepEqual(ask(waf, { target: '/?next=a.other', headers: { Host: 'example' } }).ids, [])
})

test('the response has its own phases', () => {
  const waf = wafOf(`SecRule RESPONSE_STATUS "@eq 200" "id:1,phase:3"
    SecRule RESPONSE_BODY "@contains hell" "id:2,phase:4"
    SecAction "id:3,phase:5"
    SecRule RESPONSE_HEADERS:content-type "@contains text" "id:4,phase:3"`)
  assert.deepEqual(ask(waf).ids, [1, 4, 2, 3])
})

test('a rule that looks into uploaded files is shown them', () => {
  const waf = wafOf('SecRule FILES_TMP_CONTENT "@contains <?php" "id:1"\nSecRule FILES "@streq a.png" "id:2"')
  const body = [
    '--b',
    'Content-Disposition: form-data; name="f"; filename="a.png"',
    '',
    '<?php',
    '--b--',
    '',
  ].join('\r\n')
  assert.deepEqual(
    ask(waf, { headers: { 'Content-Type': 'multipart/form-data; boundary=b' }, body }).ids,
    [1, 2],
  )
})

test('a value seen in one request is not there in the next', () => {
  const waf = wafOf('SecRule &TX:seen "@eq 1" "id:1"\nSecAction "id:2,nolog,setvar:tx.seen=1"')
  assert.deepEqual([ask(waf).ids, ask(waf).ids], [[], []])
})

test('an expression that gives up has matched, negated or not, screened or not', () => {
  // Behind a group that is referred to, backtracking has no memory, and a limit on its steps is what ends it.
  const source = '^(a*)*\\1b$'
  const waf = wafOf(
    `SecRule ARGS "@rx ${source}" "id:1"
    SecRule ARGS "!@rx ${source}" "id:2"
    SecRule MATCHED_VAR|ARGS "@rx ${source}" "id:3"
    SecRule ARGS "@rx ^a" "id:4,chain"
    SecRule MATCHED_VAR "@rx ${source}"`,
    { budget: 600_000_000 },
  )
  assert.deepEqual(ask(waf, { target: `/?x=${'a'.repeat(5_000)}cb` }).ids, [1, 2, 3, 3, 4])
  assert.deepEqual(ask(waf, { target: '/?x=aac' }).ids, [2])
})

test('of many values a rule is asked about those that made it a candidate, wherever they stand', () => {
  const waf = wafOf(`
SecRule ARGS|REQUEST_COOKIES "@rx ab+c" "id:1,phase:1,pass,setvar:tx.n=+1"
SecRule ARGS "!@rx ^[a-z0-9]*$" "id:2,phase:1,pass"
SecRule ARGS|!ARGS:a "@rx ab+c" "id:3,phase:1,pass"
SecRule ARGS_NAMES "@rx ^x$" "id:4,phase:1,pass"`)
  const many = Array.from({ length: 30 }, (_, index) => `n${index}=v${index % 7}`).join('&')
  const matchesOf = (query: string, cookie: string) =>
    ask(waf, { target: `/?${query}`, headers: { Cookie: cookie } }).transaction.matches.map(
      ({ id, variable }) => `${id} ${variable}`,
    )
  assert.deepEqual(matchesOf(`${many}&a=abc&b=abbc&c=abc&x=1&x=1`, 'd=abc'), [
    '1 ARGS:a',
    '1 ARGS:b',
    '1 ARGS:c',
    '1 REQUEST_COOKIES:d',
    '3 ARGS:b',
    '3 ARGS:c',
    '4 ARGS_NAMES:x',
    '4 ARGS_NAMES:x',
  ])
  assert.deepEqual(matchesOf(`${many}&a=abc`, 'd=e'), ['1 ARGS:a'])
  assert.deepEqual(matchesOf(`${many}&a=A%20B&b=A%20B`, 'd=abc'), [
    '1 REQUEST_COOKIES:d',
    '2 ARGS:a',
    '2 ARGS:b',
  ])
})

test('a rule sees the reader of the body that a rule of the same phase has chosen', () => {
  const waf = wafOf(`
SecRule REQUEST_HEADERS:X-Kind "@streq xml" "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQBODY_PROCESSOR "@streq XML" "id:2,phase:1,pass"`)
  assert.deepEqual(ask(waf, { headers: { 'X-Kind': 'xml' } }).ids, [2])
  assert.deepEqual(ask(waf, { headers: { 'X-Kind': 'json' } }).ids, [])
})
