import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { openContractBench, type ContractBench, type ContractRequest } from '../contract-testing.ts'
import { pass } from '../guard.ts'
import { validationGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: Test, version: '1' }
paths:
  /users:
    post:
      operationId: createUser
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [username, email]
              properties:
                username: { type: string, minLength: 3, maxLength: 30, pattern: '^[a-zA-Z0-9_]+$' }
                email: { type: string, format: email, maxLength: 254 }
                password: { type: string, minLength: 12 }
                name: { type: string, maxLength: 20, x-gateward: { sanitize: [trim, nfc] } }
                id: { type: string, readOnly: true }
      responses:
        '201':
          description: The user
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: { type: string }
                  username: { type: string }
        '204': { description: Nothing }
  /search/{kind}:
    get:
      operationId: search
      parameters:
        - { name: kind, in: path, required: true, schema: { type: string, enum: [a, b] } }
        - { name: limit, in: query, schema: { type: integer, maximum: 100 } }
        - { name: x-trace, in: header, schema: { type: string, maxLength: 4 } }
      responses:
        '200':
          description: Found
          content: { text/plain: { schema: { type: string, maxLength: 5 } } }
  /note:
    put:
      operationId: putNote
      requestBody:
        content:
          text/plain: { schema: { type: string, maxLength: 5 } }
          application/x-www-form-urlencoded:
            schema: { type: object, required: [n], properties: { n: { type: integer }, tags: { type: array, items: { type: string } } } }
          multipart/form-data:
            schema: { type: object, required: [title], properties: { title: { type: string, maxLength: 3 }, file: { type: string, maxLength: 4 } } }
          application/x-ndjson:
            schema: { type: object, required: [k], properties: { k: { type: integer } } }
          application/xml: {}
          application/octet-stream: {}
      responses: { '204': { description: Done } }
`

let bench: ContractBench
before(async () => {
  bench = await openContractBench(contract)
})

function send(operation: string, request: ContractRequest, settings: Record<string, unknown> = {}) {
  return bench.compile(validationGuard, operation, settings).send(request)
}

const good = { username: 'ada_1815', email: 'ada@example.com' }

test("the article's username and email are held to their schema", () => {
  const accepted = [good, { ...good, username: 'abc' }, { ...good, username: 'a'.repeat(30) }]
  for (const body of accepted) assert.equal(send('createUser', { body }).verdict, pass, JSON.stringify(body))
  const refused: readonly unknown[] = [
    { ...good, username: 'ab' },
    { ...good, username: 'a'.repeat(31) },
    { ...good, username: 'ada\\n' },
    { ...good, username: 'ada\n' },
    { ...good, username: "ada' OR 1=1--" },
    { ...good, username: '<script>alert(1)</script>' },
    { ...good, username: 'аda' },
    { ...good, username: ['ada_1815'] },
    { ...good, username: { $ne: null } },
    { ...good, username: null },
    { ...good, email: 'not-an-email' },
    { ...good, email: 'a@b@c' },
    { ...good, email: 'ada@example.com\nBcc: eve@example.com' },
    { username: 'ada_1815' },
    { ...good, isAdmin: true },
    { ...good, id: '7' },
    [good],
    'text',
    null,
  ]
  for (const body of refused) {
    const outcome = send('createUser', { body: JSON.stringify(body) })
    assert.equal(outcome.code, 'VALIDATION_ERROR', JSON.stringify(body))
    assert.equal(outcome.status, 422)
  }
})

test('a refusal names pointer, rule and line of the contract, and the client gets pointers apart', () => {
  const outcome = send('createUser', { body: { ...good, username: '<script>' } })
  assert.match(outcome.note, /^body \/username {3}.*\[a-zA-Z0-9_\].* {3}test\.openapi\.yaml:\d+$/)
  assert.equal(outcome.verdict.kind === 'refuse' && outcome.verdict.problem.pointers[0]?.pointer, '/username')
})

test('of a secret not even the beginning is told', () => {
  const outcome = send('createUser', { body: { ...good, password: 'hunter2' } })
  assert.match(outcome.note, /\/password/)
  assert.doesNotMatch(JSON.stringify(outcome.verdict), /hunter2/)
})

test('what a terminal would obey is not printed', () => {
  const outcome = send('createUser', { body: { ...good, '\u001b[2J\u202e': 1 } })
  assert.equal(outcome.code, 'VALIDATION_ERROR')
  assert.doesNotMatch(JSON.stringify(outcome.verdict), /\\u001b|\u202e/)
})

test('as many violations are told as allowed, and how many there are more', () => {
  const body = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, 1]))
  const outcome = send('createUser', { body: { ...good, ...body } }, { maxViolations: 3, status: 400 })
  assert.equal(outcome.status, 400)
  assert.equal(outcome.verdict.kind === 'refuse' && outcome.verdict.problem.pointers.length, 3)
  assert.match(outcome.note, / · and \d+ more$/)
})

test('undeclared properties and parameters pass where the operator says so', () => {
  assert.equal(
    send('createUser', { body: { ...good, extra: 1 } }, { unknownProperties: 'allow' }).verdict,
    pass,
  )
  assert.equal(
    send('createUser', { body: { ...good, extra: 1, email: 'x' } }, { unknownProperties: 'allow' }).code,
    'VALIDATION_ERROR',
  )
  const query = { pathParameters: ['a'], query: 'debug=1' }
  assert.equal(send('search', query).code, 'VALIDATION_ERROR')
  assert.equal(send('search', query, { unknownQuery: 'allow' }).verdict, pass)
})

const ambiguous: readonly (readonly [name: string, body: string | Buffer])[] = [
  ['a duplicate key', '{"username":"ada_1815","email":"a@example.com","username":"root"}'],
  ['a duplicate key in disguise', '{"username":"ada_1815","email":"a@example.com","\\u0075sername":"root"}'],
  ['__proto__', '{"username":"ada_1815","email":"a@example.com","__proto__":{"isAdmin":true}}'],
  ['a byte order mark', '\ufeff{"username":"ada_1815","email":"a@example.com"}'],
  ['UTF-16', Buffer.from(JSON.stringify(good), 'utf16le')],
  ['a trailing comma', '{"username":"ada_1815",}'],
  ['a comment', '{"username":"ada_1815"/**/}'],
  ['NaN', '{"username":NaN}'],
  ['two values', '{}{}'],
  ['nesting', '['.repeat(100) + ']'.repeat(100)],
  ['a form', 'username=ada&email=a@example.com'],
  ['XML', '<user/>'],
]
for (const [name, body] of ambiguous) {
  test(`JSON with ${name} is refused as malformed`, () => {
    const outcome = send('createUser', { body })
    assert.equal(outcome.code, 'MALFORMED_BODY')
    assert.doesNotMatch(outcome.note, /ada|root/)
  })
}

const wrongTypes = [
  'text/plain',
  'text/plain; application/json',
  'application/json, text/plain',
  'application/jsonp',
  'application/json;charset=utf-7',
  'application/json; charset=utf-16',
  'application/json; charset="iso-8859-1"',
  'application/json; charset=utf-8; charset=utf-7',
  'json',
  '',
  '*/*',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/json',
  'application/ json',
  'application/json;',
]
for (const contentType of wrongTypes) {
  test(`JSON as ${JSON.stringify(contentType)} is refused, and Accept says what would do`, () => {
    const outcome = send('createUser', { body: good, headers: { 'content-type': contentType } })
    assert.equal(outcome.code, 'UNSUPPORTED_MEDIA_TYPE')
    assert.deepEqual(outcome.verdict.kind === 'refuse' && outcome.verdict.problem.headers, [
      ['accept', 'application/json'],
    ])
  })
}

test('JSON in UTF-8 is JSON however the type is spelled', () => {
  for (const contentType of [
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset="UTF-8"',
  ])
    assert.equal(send('createUser', { body: good, headers: { 'content-type': contentType } }).verdict, pass)
})

test('a body must come where it is required, and may not where none is declared', () => {
  assert.equal(send('createUser', {}).code, 'VALIDATION_ERROR')
  assert.equal(send('createUser', { body: '' }).code, 'VALIDATION_ERROR')
  assert.equal(send('search', { pathParameters: ['a'], body: {} }).code, 'VALIDATION_ERROR')
  assert.equal(send('putNote', {}).verdict, pass)
})

test('Content-Type twice is refused', () => {
  const subject = bench.compile(validationGuard, 'createUser')
  const { exchange } = subject.send({ body: good })
  exchange.request.headers.append('content-type', 'text/plain')
  const verdict = subject.guard.onRequest?.(exchange)
  assert.equal(verdict !== undefined && 'kind' in verdict && verdict.kind, 'refuse')
})

test('parameters are held to the contract', () => {
  const path = { pathParameters: ['a'] }
  assert.equal(send('search', { ...path, query: 'limit=5' }).verdict, pass)
  for (const request of [
    { pathParameters: ['c'] },
    { ...path, query: 'limit=101' },
    { ...path, query: 'limit=x' },
    { ...path, query: 'limit=5&limit=6' },
    { ...path, query: 'Limit=5' },
    { ...path, query: 'limit=%zz' },
    { ...path, headers: { 'x-trace': '12345' } },
  ]) {
    assert.equal(send('search', request).code, 'VALIDATION_ERROR', JSON.stringify(request))
  }
})

test('a credential in the query is no unknown parameter', () => {
  const subject = bench.compile(validationGuard, 'search')
  const { exchange } = subject.send({ pathParameters: ['a'], query: 'key=abc' })
  exchange.consumedQuery.push('key')
  assert.equal(subject.guard.onRequest?.(exchange), pass)
})

test('declared sanitizing changes what is forwarded and is told', () => {
  const outcome = send('createUser', { body: { ...good, name: '  Ame\u0301lie ' } })
  assert.equal(outcome.verdict.kind, 'pass')
  assert.match(outcome.note, /^sanitized \/name \(.*trim.*\)$/)
  assert.deepEqual(JSON.parse(outcome.text), { ...good, name: 'Am\u00e9lie' })
})

test('in shadow nothing is sanitized, and it is told', () => {
  const body = JSON.stringify({ ...good, name: ' Ada ' })
  const outcome = send('createUser', { body }, { mode: 'shadow' })
  assert.match(outcome.note, /^would sanitize \/name/)
  assert.equal(outcome.text, body)
  assert.deepEqual(JSON.parse(body), JSON.parse(outcome.text))
})

test('a body that needs no sanitizing is forwarded byte by byte', () => {
  const body = `{ "email":"ada@example.com",\n"username":"ada_1815", "name":"Ada" }`
  const outcome = send('createUser', { body })
  assert.equal(outcome.verdict, pass)
  assert.equal(outcome.text, body)
})

const otherFormats: readonly (readonly [
  contentType: string,
  body: string | Buffer,
  code: string | undefined,
])[] = [
  ['text/plain', 'hello', undefined],
  ['text/plain; charset=utf-8', 'hello', undefined],
  ['text/plain', 'hello!', 'VALIDATION_ERROR'],
  ['text/plain', Buffer.from([0xff]), 'MALFORMED_BODY'],
  ['application/x-www-form-urlencoded', 'n=1', undefined],
  ['application/x-www-form-urlencoded', 'n=1&tags=a&tags=b', undefined],
  ['application/x-www-form-urlencoded', 'n=1&n=2', 'VALIDATION_ERROR'],
  ['application/x-www-form-urlencoded', 'n=x', 'VALIDATION_ERROR'],
  ['application/x-www-form-urlencoded', 'n=1&admin=1', 'VALIDATION_ERROR'],
  ['application/x-www-form-urlencoded', 'tags=a', 'VALIDATION_ERROR'],
  ['application/x-www-form-urlencoded', 'n=1&__proto__[a]=1', 'MALFORMED_BODY'],
  ['application/x-www-form-urlencoded', 'n=1;n=2', 'MALFORMED_BODY'],
  ['application/x-www-form-urlencoded', '{"n":1}', 'MALFORMED_BODY'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc\r\n--b--',
    undefined,
  ],
  [
    'multipart/form-data; boundary="b"',
    '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nabcd\r\n--b--',
    'VALIDATION_ERROR',
  ],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="admin"\r\n\r\n1\r\n--b--',
    'VALIDATION_ERROR',
  ],
  [
    'multipart/form-data',
    '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc\r\n--b--',
    'MALFORMED_BODY',
  ],
  ['multipart/form-data; boundary=b; boundary=c', '--b--', 'UNSUPPORTED_MEDIA_TYPE'],
  ['multipart/form-data; boundary=b', '--c\r\n\r\n--c--', 'MALFORMED_BODY'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="../x"\r\n\r\n1\r\n--b--',
    'MALFORMED_BODY',
  ],
  [
    'multipart/form-data; boundary=b',
    Buffer.from(
      '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n\xff\xfe\xfd\xfc\r\n--b--',
      'latin1',
    ),
    undefined,
  ],
  ['application/x-ndjson', '{"k":1}\n{"k":2}\n', undefined],
  ['application/x-ndjson', '{"k":1}\n{"k":"x"}\n', 'VALIDATION_ERROR'],
  ['application/x-ndjson', '{"k":1}\n{"k":1,"k":2}\n', 'MALFORMED_BODY'],
  ['application/xml', '<?xml version="1.0" encoding="UTF-8"?><a/>', undefined],
  ['application/xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'MALFORMED_BODY'],
  ['application/xml', '<?xml version="1.0" encoding="UTF-7"?><a/>', 'MALFORMED_BODY'],
  ['application/xml', Buffer.from('\ufeff<a/>', 'utf16le'), 'MALFORMED_BODY'],
  ['application/octet-stream', Buffer.from([0, 255, 1]), undefined],
]
for (const [contentType, body, code] of otherFormats) {
  test(`${contentType} ${JSON.stringify(body.toString('latin1' as never)).slice(0, 70)}: ${code ?? 'passes'}`, () => {
    const outcome = send('putNote', { body, headers: { 'content-type': contentType } })
    assert.equal(outcome.code, code, outcome.note)
    if (code === undefined) assert.equal(outcome.text, body.toString())
  })
}

test('answers are checked, and reported or blocked as the operator says', () => {
  const cases: readonly (readonly [
    answer: Parameters<ReturnType<typeof bench.compile>['answer']>[0],
    note: RegExp | undefined,
  ])[] = [
    [{ status: 201, body: { id: '1', username: 'ada' } }, undefined],
    [{ status: 204 }, undefined],
    [{ status: 304 }, undefined],
    [{ status: 200, body: {} }, /status 200 is not declared/],
    [{ status: 201, body: { username: 'ada' } }, /body .*id/],
    [{ status: 201, body: { id: 1 } }, /body \/id/],
    [{ status: 201, body: '{"id":' }, /not JSON/],
    [{ status: 201, body: 'x', contentType: 'text/html' }, /Content-Type/],
    [{ status: 201, body: 'x', contentType: null }, /without a Content-Type/],
    [{ status: 201, body: 'x', contentType: 'image/png', stream: true }, /Content-Type/],
    [{ status: 204, body: 'x' }, /does not declare/],
  ]
  const report = bench.compile(validationGuard, 'createUser')
  const block = bench.compile(validationGuard, 'createUser', { answers: 'block' })
  const off = bench.compile(validationGuard, 'createUser', { answers: 'off' })
  assert.ok(!('onResponse' in off.guard) && !('onResponseBody' in off.guard))
  for (const [answer, note] of cases) {
    const reported = report.answer(answer)
    assert.equal(reported.verdict.kind, 'pass')
    assert.match(reported.note, note ?? /^$/, JSON.stringify(answer))
    assert.equal(
      block.answer(answer).code,
      note === undefined ? undefined : 'RESPONSE_INVALID',
      JSON.stringify(answer),
    )
  }
})

test('sanitize outside of JSON stops the load', async () => {
  const other = await openContractBench(
    contract.replaceAll('n: { type: integer }', 'n: { type: string, x-gateward: { sanitize: [trim] } }'),
  )
  other.compile(validationGuard, 'putNote')
  assert.deepEqual(
    other.diagnostics.map(({ code, severity }) => [code, severity]),
    [['sanitize-not-json', 'error']],
  )
})
