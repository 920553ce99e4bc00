import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createDataKey } from '../../keyring/data-keys/create-data-key.ts'
import { settleTime } from '../../keyring/data-keys/open-data-keys.ts'
import { openTestDataKeys, type TestDataKeys } from '../../keyring/data-keys/testing.ts'
import { knownCaller, openContractBench, type ContractBench } from '../contract-testing.ts'
import { fieldEncryptionGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: People, version: 1.0.0 }
paths:
  /people:
    get:
      operationId: findPeople
      parameters:
        - { name: email, in: query, schema: { type: string, x-data-class: { class: pii.email, index: emailIndex } } }
        - { name: phone, in: query, schema: { type: string, x-data-class: pii.phone } }
        - { name: limit, in: query, schema: { type: integer } }
        - { name: anyEmail, in: query, schema: { type: string, x-data-class: { class: pii.email, field: email, index: emailIndex, several: repeat } } }
        - { name: anyPhone, in: query, schema: { type: string, x-data-class: { class: pii.phone, field: phone, several: comma } } }
      responses:
        '200':
          description: Found
          content:
            application/json:
              schema: { type: object, properties: { people: { type: array, items: { $ref: '#/components/schemas/Person' } } } }
            application/x-ndjson: { schema: { $ref: '#/components/schemas/Person' } }
    post:
      operationId: addPerson
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Person' } } }
      responses:
        '201': { description: Added, content: { application/json: { schema: { $ref: '#/components/schemas/Person' } } } }
  /phones/{phone}/owner:
    get:
      operationId: findOwner
      parameters: [{ name: phone, in: path, required: true, schema: { type: string, x-data-class: pii.phone } }]
      responses:
        '200': { description: Found, content: { application/json: { schema: { $ref: '#/components/schemas/Person' } } } }
  /anything:
    post:
      operationId: addAnything
      requestBody: { content: { application/json: { schema: { properties: { any: { x-data-class: pii.address } } } } } }
      responses:
        '200': { description: Added, content: { application/json: { schema: { properties: { any: { x-data-class: pii.address } } } } } }
components:
  schemas:
    Person:
      type: object
      properties:
        id: { type: integer }
        email: { type: string, format: email, x-data-class: { class: pii.email, index: emailIndex } }
        backupEmail: { type: string, format: email, x-data-class: pii.email }
        phone: { type: string, x-data-class: pii.phone }
        contact:
          oneOf:
            - { type: object, required: [mail], properties: { mail: { type: string, format: email, x-data-class: pii.email } } }
            - { type: object, required: [post], properties: { post: { type: string } } }
`
const settings = { classes: { 'pii.phone': 'deterministic' } }

let keys: TestDataKeys
let bench: ContractBench
before(async () => {
  keys = await openTestDataKeys()
  bench = await openContractBench(contract, { dataKeys: keys.keys })
})
after(() => keys[Symbol.asyncDispose]())

function subject(operation: string, changes: Readonly<Record<string, unknown>> = {}) {
  return bench.compile(fieldEncryptionGuard, operation, { ...settings, ...changes })
}

/** What the service stores of a person, as `addPerson` forwards it. */
function stored(person: object, changes?: Readonly<Record<string, unknown>>, claims: object = {}) {
  const { text, code } = subject('addPerson', changes).send({
    body: person,
    principal: knownCaller({ claims: { ...claims } }),
  })
  assert.equal(code, undefined)
  return JSON.parse(text) as Record<string, string>
}

function shown(value: unknown, changes?: Readonly<Record<string, unknown>>, claims: object = {}) {
  return subject('findPeople', changes).answer(
    { body: { people: [value] } },
    { principal: knownCaller({ claims: { ...claims } }) },
  )
}

const ada = {
  id: 1,
  email: 'ada@example.com',
  phone: '+44 20 7946 0000',
  contact: { mail: 'ada@example.com' },
}

describe('field encryption', () => {
  it('lets the service see envelopes alone, and callers the values', () => {
    const row = stored(ada)
    assert.equal(row['id'], 1)
    for (const text of [row['email'], row['phone'], (row['contact'] as unknown as { mail: string }).mail])
      assert.match(String(text), /^enc:v1:dk_\w+:/)
    assert.ok(!/ada|7946/.test(JSON.stringify(row)))
    const answer = shown(row)
    assert.deepEqual(JSON.parse(answer.text), { people: [ada] })
    assert.match(answer.note, /^decrypted 3 fields$/)
  })

  it('makes of equal values different texts, or equal ones where they must be found', () => {
    const [one, other] = [stored(ada), stored(ada)]
    assert.notEqual(one['email'], other['email'])
    assert.equal(one['phone'], other['phone'])
    assert.equal(one['emailIndex'], other['emailIndex'])
  })

  it('finds by a blind index whatever the spelling, and by the same text where it is deterministic', () => {
    const row = stored(ada)
    const { exchange } = subject('findPeople').send({
      path: '/people',
      query: 'limit=2&email=ADA%40example.com&phone=%2B44+20+7946+0000',
    })
    assert.equal(
      exchange.forwardedQuery,
      `limit=2&emailIndex=${row['emailIndex']}&phone=${encodeURIComponent(String(row['phone']))}`,
    )
  })

  it('finds by a path, too', () => {
    const row = stored({ phone: '123' })
    const { exchange } = subject('findOwner').send({
      path: '/base/phones/123/owner',
      pathParameters: ['123'],
    })
    assert.equal(exchange.forwardedPath, `/base/phones/${encodeURIComponent(String(row['phone']))}/owner`)
  })

  it('asks for what was written under every key that has not ended, where the service takes several values', async () => {
    await using own = await openTestDataKeys()
    const rotating = await openContractBench(contract, { dataKeys: own.keys })
    const query = 'anyEmail=ADA%40example.com&anyPhone=%2B44+20+7946+0000'
    const compile = (operation: string) => rotating.compile(fieldEncryptionGuard, operation, settings)
    const write = () => JSON.parse(compile('addPerson').send({ body: ada }).text) as Record<string, string>
    const search = () => compile('findPeople').send({ path: '/people', query }).exchange.forwardedQuery
    const old = write()
    assert.equal(
      search(),
      `emailIndex=${old['emailIndex']}&anyPhone=${encodeURIComponent(old['phone'] ?? '')}`,
    )
    for (const purpose of ['fields-index', 'fields-deterministic'] as const)
      await createDataKey({ ...own, store: own.store }, purpose, own.keys.active(purpose).id)
    own.clock.advance(settleTime)
    await own.keys.refresh()
    const fresh = write()
    assert.notEqual(fresh['emailIndex'], old['emailIndex'])
    const phones = [fresh['phone'] ?? '', old['phone'] ?? ''].map(encodeURIComponent).join(',')
    assert.equal(
      search(),
      `emailIndex=${fresh['emailIndex']}&emailIndex=${old['emailIndex']}&anyPhone=${phones}`,
    )
  })

  it('asks at the paths of every key that has not ended, and says of a query that takes one value that it finds no old rows', async () => {
    await using own = await openTestDataKeys()
    const rotating = await openContractBench(contract, { dataKeys: own.keys })
    const ask = (method = 'GET') =>
      rotating
        .compile(fieldEncryptionGuard, 'findOwner', settings)
        .send({ method, path: '/phones/123/owner', pathParameters: ['123'] }).exchange
    const old = ask().forwardedPath
    assert.equal(ask().otherPaths, undefined)
    rotating.compile(fieldEncryptionGuard, 'findPeople', settings)
    assert.deepEqual(rotating.diagnostics, [])
    const before = own.keys.active('fields-deterministic').id
    await createDataKey({ ...own, store: own.store }, 'fields-deterministic', before)
    own.clock.advance(settleTime)
    await own.keys.refresh()
    assert.deepEqual(ask().otherPaths, [old])
    assert.notEqual(ask().forwardedPath, old)
    // What changes something is asked for once.
    assert.equal(ask('DELETE').otherPaths, undefined)
    rotating.compile(fieldEncryptionGuard, 'findPeople', settings)
    assert.deepEqual(
      rotating.diagnostics.map(({ code, severity, message }) => [code, severity, message]),
      [
        [
          'search-misses-old-rows',
          'warning',
          `findPeople finds by phone nothing that was written under ${before}`,
        ],
      ],
    )
  })

  it('shows the index to nobody', () => {
    assert.ok(!shown(stored(ada)).text.includes('emailIndex'))
  })

  it('shows what the service still holds unencrypted, or refuses it', () => {
    assert.deepEqual(JSON.parse(shown(ada).text), { people: [ada] })
    assert.throws(() => shown(ada, { unencrypted: 'refuse' }), { code: 'FIELD_UNENCRYPTED' })
  })

  it('opens nothing that was moved to another field, changed, or made by an unknown key', () => {
    const row = stored(ada)
    const unreadable = { code: 'ENVELOPE_UNREADABLE' }
    assert.throws(() => shown({ backupEmail: row['email'] }), unreadable)
    assert.throws(() => shown({ email: row['phone'] }), unreadable)
    assert.throws(() => shown({ email: `${row['email']}A` }), unreadable)
    assert.throws(() => shown({ email: 'enc:v2:dk_x:AAAA' }), unreadable)
    assert.throws(() => shown({ email: 'enc:v1:dk_x:AAAA' }), { code: 'DATA_KEY_UNKNOWN' })
  })

  it('refuses envelopes and masks that a client sends, in bodies and in queries', () => {
    const { email } = stored(ada)
    for (const body of [
      { email },
      { email: 'enc:v9:x' },
      { email: 'a***@e***.com' },
      { contact: { mail: email } },
    ])
      assert.equal(subject('addPerson').send({ body }).code, 'VALIDATION_ERROR', JSON.stringify(body))
    const query = `phone=${encodeURIComponent(String(email))}`
    assert.equal(subject('findPeople').send({ path: '/people', query }).code, 'VALIDATION_ERROR')
  })

  it('keeps tenants apart, and does nothing for callers of none', () => {
    const tenant = { tenant: 'org' }
    const row = stored(ada, tenant, { org: 'acme' })
    assert.deepEqual(JSON.parse(shown(row, tenant, { org: 'acme' }).text), { people: [ada] })
    assert.throws(() => shown(row, tenant, { org: 'other' }), { code: 'ENVELOPE_UNREADABLE' })
    assert.notEqual(stored(ada, tenant, { org: 'other' })['emailIndex'], row['emailIndex'])
    assert.equal(subject('addPerson', tenant).send({ body: ada, principal: knownCaller() }).code, 'FORBIDDEN')
    assert.equal(shown(row, tenant).code, 'FORBIDDEN')
  })

  it('reads JSON lines one by one, and keeps long numbers as they are', () => {
    const lines = [stored(ada), stored({ email: 'b@example.com' })]
      .map((row) => `${JSON.stringify(row)}\n`)
      .join('')
    const answer = subject('findPeople').answer({ contentType: 'application/x-ndjson', body: lines })
    assert.equal(answer.text, `${JSON.stringify(ada)}\n{"email":"b@example.com"}\n`)
    const { email } = stored(ada)
    const text = subject('findPeople').answer({
      body: `{"people":[{"id":9007199254740993123,"email":"${email}"}]}`,
    }).text
    assert.equal(text, '{"people":[{"id":9007199254740993123,"email":"ada@example.com"}]}')
  })

  it('counts by class what it does, and nothing where it does nothing', () => {
    const { exchange } = subject('addPerson').send({ body: ada })
    const none = { encrypted: 0, searched: 0, decrypted: 0, revealed: 0, concealed: 0 }
    assert.deepEqual(
      [...(exchange.touched?.byClass ?? [])],
      [
        ['pii.email', { ...none, encrypted: 2 }],
        ['pii.phone', { ...none, encrypted: 1 }],
      ],
    )
    const answered = shown(stored(ada)).exchange.touched?.byClass
    assert.deepEqual(answered?.get('pii.email'), { ...none, decrypted: 2 })
    const asked = subject('findPeople').send({ path: '/people', query: 'email=ada%40example.com&limit=2' })
    assert.deepEqual([...(asked.exchange.touched?.byClass ?? [])], [['pii.email', { ...none, searched: 1 }]])
    assert.equal(subject('addPerson').send({ body: { id: 1 } }).exchange.touched, undefined)
    assert.equal(subject('addPerson', { mode: 'shadow' }).send({ body: ada }).exchange.touched, undefined)
  })

  it('changes nothing in shadow, and says what it would do', () => {
    const { text, note } = subject('addPerson', { mode: 'shadow' }).send({ body: ada })
    assert.deepEqual(JSON.parse(text), ada)
    assert.equal(note, 'would have encrypted 3 fields')
  })

  it('costs nothing where nothing is classified, or all of it is off', () => {
    const off = { classes: { 'pii.phone': 'off', 'pii.email': 'off', 'pii.address': 'off' } }
    assert.deepEqual(subject('addAnything', off).guard, {})
  })

  it('gives back any JSON value whatever', () => {
    const [add, answers] = [subject('addAnything'), subject('addAnything')]
    const value = fc.jsonValue({ maxDepth: 4 }).filter((any) => !JSON.stringify(any).includes('__proto__'))
    fc.assert(
      fc.property(value, (any) => {
        fc.pre(typeof any !== 'string' || !/^enc:v|\*\*\*/.test(any))
        const { text, code } = add.send({ body: { any } })
        // What the strict reader refuses, such as numbers that a double cannot hold, is refused here as well.
        fc.pre(code === undefined)
        if (any !== null) assert.match((JSON.parse(text) as { any: string }).any, /^enc:v1:/)
        const back = answers.answer({ body: text }).text
        assert.deepEqual(JSON.parse(back), JSON.parse(JSON.stringify({ any })))
      }),
    )
  })
})

describe('what cannot be encrypted as it is declared', () => {
  const table: readonly (readonly [mistake: string, place: string, expected: RegExp])[] = [
    [
      'a class that nobody knows',
      'parameters: [{ name: a, in: query, schema: { type: string, x-data-class: pii.emial } }]',
      /did you mean "pii.email"/,
    ],
    [
      'a search by what looks different each time',
      'parameters: [{ name: a, in: query, schema: { type: string, x-data-class: pii.name } }]',
      /index: aIndex/,
    ],
    [
      'a header',
      'parameters: [{ name: a, in: header, schema: { type: string, x-data-class: pii.name } }]',
      /take it in the body/,
    ],
    [
      'a list',
      'parameters: [{ name: a, in: query, schema: { type: array, items: {}, x-data-class: { class: pii.name, index: b } } }]',
      /type: string/,
    ],
    [
      'what is inside of a field of a form',
      'requestBody: { content: { multipart/form-data: { schema: { properties: { a: { type: object, properties: { b: { type: string, x-data-class: pii.name } } } } } } } }',
      /classify the whole field, or take it as JSON/,
    ],
    [
      'a body of plain text',
      'requestBody: { content: { text/plain: { schema: { type: string, x-data-class: pii.name } } } }',
      /take it as JSON/,
    ],
  ]
  for (const [mistake, place, expected] of table)
    it(`is told at load: ${mistake}`, async () => {
      const text = `{ openapi: 3.1.0, info: { title: x, version: '1' }, paths: { /a: { post: { operationId: op, ${place}, responses: { '200': { description: x } } } } } }`
      const own = await openContractBench(text, { dataKeys: keys.keys })
      own.compile(fieldEncryptionGuard, 'op')
      assert.match(own.diagnostics.map(({ severity, fix }) => `${severity} ${fix}`).join('\n'), expected)
      assert.ok(own.diagnostics.every(({ severity }) => severity === 'error'))
    })
})
