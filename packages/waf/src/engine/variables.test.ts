import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRules } from '../1-parse/parse-rules.ts'
import { checkStatements } from '../2-check/check-statements.ts'
import { ask, compileText, wafOf } from './testing.ts'

/** What the log data of the last match says. */
function dataOf(rules: string, request: Parameters<typeof ask>[1] = {}): string | undefined {
  return ask(wafOf(rules), request).transaction.matches.at(-1)?.data
}

test('RULE is about the rule that is asked, and its message may name it', () => {
  const rules = `SecRule RULE:id "@eq 7" "id:7,rev:'2.1',severity:ERROR,msg:'rule %{RULE.id} (%{rule.rev})',logdata:'%{rule.severity} %{rule.msg}'"`
  const [match] = ask(wafOf(rules)).transaction.matches
  assert.equal(match?.msg, 'rule 7 (2.1)')
  assert.equal(match.data, '3 rule  ()')
  assert.deepEqual(ask(wafOf('SecRule RULE:rev "@streq 1" "id:1"')).ids, [])
  const chained = `SecRule ARGS "@streq a" "id:5,chain"\nSecRule RULE:id "@eq 5"`
  assert.deepEqual(ask(wafOf(chained), { target: '/?x=a' }).ids, [5])
})

test('ENV has what rules set in the transaction, and nothing of the process', () => {
  const rules = `SecAction "id:1,phase:1,nolog,setenv:seen=%{REQUEST_METHOD},setenv:gone,setenv:!gone"
    SecRule ENV:SEEN "@streq GET" "id:2,phase:1,logdata:'%{env.seen}'"
    SecRule &ENV "!@eq 1" "id:3,phase:1"
    SecRule ENV:gone "@unconditionalMatch" "id:4,phase:1"`
  assert.deepEqual(ask(wafOf(rules)).ids, [2])
  assert.equal(dataOf(rules), 'GET')
  const waf = wafOf(rules.replace('SecAction', 'SecRule ARGS "@streq a"').replace('phase:1', 'phase:2'))
  assert.deepEqual(ask(waf, { target: '/?x=a' }).ids.includes(3), true)
  assert.equal(process.env['PATH'] === undefined, false)
  assert.equal(dataOf(`SecAction "id:1,logdata:'%{ENV.PATH}'"`), '')
})

test('a rule about a variable of the environment that no rule sets is a mistake', () => {
  const mistakesOf = (text: string) =>
    checkStatements(parseRules(text, 'a.conf').statements).map(
      ({ code, position }) => `${position?.line} ${code}`,
    )
  assert.deepEqual(mistakesOf('SecRule ENV:PATH "@rx ." "id:1"'), ['1 unset-environment'])
  assert.deepEqual(mistakesOf('SecAction "id:2,setenv:Path=1"\nSecRule ENV:PATH "@rx ." "id:1"'), [])
  assert.deepEqual(mistakesOf('SecRule &ENV "@gt 0" "id:1"'), [])
})

test('REMOTE_USER is the name in a Basic authorization', () => {
  const waf = wafOf('SecRule REMOTE_USER "@streq Aladdin" "id:1"')
  const basic = (text: string) => ({ headers: { Authorization: `Basic ${btoa(text)}` } })
  assert.deepEqual(ask(waf, basic('Aladdin:open sesame')).ids, [1])
  assert.deepEqual(ask(waf, basic('Aladdin')).ids, [])
  assert.deepEqual(ask(waf, { headers: { Authorization: 'Bearer QWxhZGRpbjpvcGVu' } }).ids, [])
})

test('PATH_INFO, WEBAPPID and MODSEC_BUILD are what libmodsecurity says', () => {
  const rules = `SecWebAppId shop
    SecRule PATH_INFO "@streq /a b" "id:1"
    SecRule WEBAPPID "@streq shop" "id:2"
    SecRule MODSEC_BUILD "@ge 030000000" "id:3"`
  assert.deepEqual(ask(wafOf(rules), { target: '/a%20b?c' }).ids, [1, 2, 3])
  assert.deepEqual(ask(wafOf('SecRule WEBAPPID "@streq default" "id:2"')).ids, [2])
})

test('FULL_REQUEST is the request as it came, as far as it has been read', () => {
  const rules = String.raw`SecRule FULL_REQUEST "@rx \r\nX-A: b\r\n\r\n$" "id:1,phase:1"
    SecRule FULL_REQUEST "@rx ^POST /\?q HTTP/1.1\r\nX-A: b\r\n\r\nbody$" "id:2"
    SecRule FULL_REQUEST_LENGTH "@eq 33" "id:3"`
  const request = { method: 'POST', target: '/?q', headers: { 'X-A': 'b' }, body: 'body' }
  assert.deepEqual(ask(wafOf(rules), request).ids, [1, 2, 3])
})

test('names that other engines have for a variable mean the same', () => {
  const rules = `SecRule USERAGENT_IP "@streq 192.0.2.1" "id:1,phase:1"
    SecRule MULTIPART_SEMICOLON_MISSING "@eq 1" "id:2"
    SecRule MSC_PCRE_LIMITS_EXCEEDED|MSC_PCRE_ERROR "!@eq 0" "id:3"`
  const headers = { 'Content-Type': 'multipart/form-data boundary=B' }
  const body = '--B\r\nContent-Disposition: form-data; name="t"\r\n\r\nx\r\n--B--\r\n'
  assert.deepEqual(ask(wafOf(rules), { headers, body }).ids, [1, 2])
})

test('variables that there cannot be are refused with the reason', () => {
  for (const name of [
    'FILES_TMPNAMES',
    'GEO',
    'RESPONSE_ARGS',
    'WEBSERVER_ERROR_LOG',
    'PERF_PHASE3',
    'SCRIPT_MODE',
  ]) {
    const { diagnostics } = compileText(`SecRule ${name} "@rx ." "id:1"`)
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['refused-variable'],
    )
    assert.match(diagnostics[0]?.message ?? '', new RegExp(`^${name} is refused: \\w+ `))
  }
})
