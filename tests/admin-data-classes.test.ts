import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { becomeAdmin, openAdminClient, type AdminClient } from './admin-client.ts'
import { eventually } from './run-command.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

const person = {
  type: 'object',
  properties: {
    name: { type: 'string', 'x-data-class': 'pii.name' },
    email: { type: 'string', 'x-data-class': { class: 'pii.email', index: 'emailIndex' } },
    nick: { type: 'string' },
  },
}

const contract = {
  openapi: '3.1.0',
  info: { title: 'People', version: '1' },
  paths: {
    '/people': {
      get: {
        operationId: 'findPeople',
        parameters: [{ name: 'email', in: 'query', schema: person.properties.email }],
        responses: {
          200: { description: 'One', content: { 'application/json': { schema: person } } },
        },
      },
    },
  },
}

let gate: RunningGate
let admin: AdminClient
let clerk: string
let nick = 'al'

before(async () => {
  gate = await startGate({
    contract,
    settings: {
      guards: {
        masking: { classes: { 'pii.name': { conceal: 'remove' } } },
        discovery: { mode: 'shadow', samples: 600 },
      },
    },
    service: (_, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ name: 'Ada', email: 'ada@example.com', nick })),
  })
  admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
  const order = { consumer: 'clerk', label: 'clerk', scopes: ['reveal:pii.email'], life: 86_400_000 }
  clerk = (await gate.gateway.apiKeys.create(order)).key.reveal()
  const ask = (key: string) => gate.exchange(plainRequest('GET /people', `x-api-key: ${key}`))
  assert.match(await ask(clerk), /ada@example\.com/)
  assert.doesNotMatch(await ask(gate.key), /ada@example\.com|Ada/)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

test('data classes are told with their places, their protection, and who may see them', async () => {
  const { json } = await admin.call<'listDataClasses'>('GET /data-classes')
  assert.deepEqual([json.masking, json.encryption], ['enforce', 'enforce'])
  const [email, name] = json.classes
  assert.deepEqual([email?.name, email?.protection, email?.conceal], ['pii.email', 'encrypt', 'mask'])
  assert.deepEqual([name?.name, name?.protection, name?.conceal], ['pii.name', 'encrypt', 'remove'])
  assert.deepEqual(
    email?.places.map(({ operation, in: place, field, index }) => [operation, place, field, index]),
    [
      ['findPeople', 'query', 'email', 'emailIndex'],
      ['findPeople', 'answer', 'email', 'emailIndex'],
    ],
  )
  assert.deepEqual(email?.scopes, ['reveal:pii', 'reveal:pii.email'])
  assert.deepEqual(
    email?.keys.map(({ consumer }) => consumer),
    ['clerk'],
  )
  assert.deepEqual(name?.keys, [])
})

test('what was shown and concealed is counted by class, and leads to its requests', async () => {
  const classes = await eventually(async () => {
    const { json } = await admin.call<'listDataClasses'>('GET /data-classes')
    return json.classes[1]?.concealed === 2 ? json.classes : undefined
  })
  assert.deepEqual(
    classes.map(({ name, revealed, concealed }) => [name, revealed, concealed]),
    [
      ['pii.email', 1, 1],
      ['pii.name', 0, 2],
    ],
  )
  for (const [dataClass, count] of [
    ['pii.email', 2],
    ['pii.name', 2],
    ['pii.phone', 0],
    ['pii', 0],
  ] as const) {
    const { json } = await admin.call<'listExchanges'>(`GET /exchanges?dataClass=${dataClass}`)
    assert.equal(json.exchanges.length, count, dataClass)
  }
})

test('fields that carry personal data undeclared are told with the line that would declare it, and no value', async () => {
  nick = 'found@undeclared.example'
  const ask = (confidence: number) =>
    admin.call<'listDiscoveryFindings'>(`GET /discovery/findings?confidence=${confidence}`)
  const { json, text } = await eventually(async () => {
    assert.match(await gate.exchange(plainRequest('GET /people', `x-api-key: ${clerk}`)), /found@/)
    const answer = await ask(0.1)
    return answer.json.findings.length > 0 ? answer : undefined
  })
  assert.equal(json.discovery, 'shadow')
  const [finding] = json.findings
  assert.deepEqual(
    [finding?.api, finding?.class, finding?.operations, finding?.write],
    ['attacked', 'pii.email', ['findPeople'], 'x-data-class: pii.email'],
  )
  assert.match(finding?.pointer ?? '', /\/properties\/nick$/)
  assert.deepEqual([json.apis[0]?.api, json.apis[0]?.findings], ['attacked', 1])
  assert.ok((json.apis[0]?.values ?? 0) >= 1)
  assert.ok(!text.includes('undeclared.example'))
  // What is less sure than is asked for is left out.
  assert.deepEqual((await ask(1)).json.findings, [])
  assert.equal((await admin.call('GET /discovery/findings?confidence=2')).status, 422)
})
