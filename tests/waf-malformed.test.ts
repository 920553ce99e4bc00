import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'
import { writeRules } from './write-rules.ts'

const rules = `
SecRule REQUEST_LINE "@validateByteRange 32-126" "id:1,phase:1,pass,log,msg:'bytes beyond ASCII in the line'"
SecRule REQUEST_METHOD "!@within GET HEAD POST OPTIONS" "id:2,phase:1,pass,log,msg:'a method of its own'"
SecRule REQUEST_PROTOCOL "!@within HTTP/1.0 HTTP/1.1 HTTP/2" "id:3,phase:1,deny,status:418,msg:'a version of its own'"
SecRule ARGS "@contains attack" "id:4,phase:2,deny,status:403,msg:'an attack'"
SecRule REQUEST_HEADERS:X-Attack "@rx ." "id:5,phase:1,pass,log,msg:'a header'"
`

let gate: RunningGate
before(async () => {
  gate = await gateWith({})
})
after(() => gate[Symbol.asyncDispose]())

function gateWith(waf: Readonly<Record<string, unknown>>): Promise<RunningGate> {
  return startGate({
    settings: { anonymous: true, guards: { waf: { rules: [writeRules(rules)], ...waf } } },
    service: ({ target }, response) => {
      if (target === '/slow') setTimeout(() => response.end('slow and whole'), 300)
      else response.end('fine')
    },
  })
}

/** The ids of the rules that a refused message matched, from its record. */
async function matched(from: RunningGate, answer: string): Promise<readonly number[]> {
  const id = /"requestId":"(\w+)"/.exec(answer)?.[1]
  assert.ok(id, answer)
  const record = await from.record(id)
  return (record.waf?.rules ?? []).map((rule) => rule.id)
}

const messages: readonly (readonly [what: string, message: string, rules: readonly number[]])[] = [
  ['bytes beyond ASCII in the query', 'GET /caf\xc3\xa9?x=\xc3\xa9 HTTP/1.1\r\nhost: x\r\n\r\n', [1]],
  ['a method that nobody knows', 'FROB / HTTP/1.1\r\nhost: x\r\nx-attack: y\r\n\r\n', [2, 5]],
  ['a version that nobody speaks', 'GET /?q=attack HTTP/4.0\r\nhost: x\r\n\r\n', [3, 4]],
  ['a field name with a space', 'GET /?q=attack HTTP/1.1\r\nhost: x\r\nx y: z\r\n\r\n', [4]],
  ['two slashes', plainRequest('GET //admin?q=attack'), [4]],
  ['an escaped slash', plainRequest('GET /a%2fb?q=attack', 'x-attack: y'), [5, 4]],
  [
    'two lengths',
    'POST /?q=attack HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    [4],
  ],
]

for (const [what, message, expected] of messages) {
  test(`${what} is refused, and its record says what the rules found`, async () => {
    const before = gate.served.length
    const answer = await gate.exchange(message)
    assert.match(answer, /^HTTP\/1\.1 40[05] /)
    assert.deepEqual(await matched(gate, answer), expected.includes(3) ? [3] : expected)
    assert.equal(gate.served.length, before)
  })
}

test('a second message that is broken never costs the first its answer, and has its rules too', async () => {
  const first = 'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n'
  const second = 'FROB /?q=attack HTTP/1.1\r\nhost: x\r\nx-attack: y\r\n\r\n'
  for (const parts of [[first + second], [first, second]]) {
    const answers = await gate.exchange(...parts)
    assert.match(answers, /^HTTP\/1\.1 200 [^]*slow and whole[^]*HTTP\/1\.1 400 /)
    assert.deepEqual(await matched(gate, answers.slice(answers.indexOf('slow and whole'))), [2, 5, 4])
  }
})

test('bytes behind a body never cost the request its answer', async () => {
  const answers = await gate.exchange(
    'POST /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc\x01\x02garbage\r\n\r\n',
  )
  assert.match(answers, /^HTTP\/1\.1 200 [^]*slow and whole[^]*HTTP\/1\.1 400 /)
})

test('the answer to a broken message says as little as any other refusal, and has the fields that every answer has', async () => {
  const answer = await gate.exchange('FROB / HTTP/1.1\r\nhost: x\r\n\r\n')
  assert.match(answer, /content-type: application\/problem\+json/)
  assert.match(answer, /"code":"BAD_REQUEST"/)
  assert.match(answer, /x-content-type-options: nosniff/)
  assert.match(answer, /connection: close/)
})

test('with malformed: ignore, the rules are not asked', async () => {
  await using ignoring = await gateWith({ malformed: 'ignore' })
  const answer = await ignoring.exchange('FROB / HTTP/1.1\r\nhost: x\r\n\r\n')
  assert.match(answer, /^HTTP\/1\.1 400 /)
  assert.deepEqual(await matched(ignoring, answer), [])
})
