import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { loadContract, type BodySchema, type Contract } from '@gateward/openapi'
import { openTestStore, type TestStore } from '../store/testing.ts'
import { Discovery, type Sample } from './discovery.ts'
import { proposeClasses } from './propose-classes.ts'

const text = `
openapi: 3.0.3
info: { title: People, version: '1' }
paths:
  /people:
    post:
      operationId: addPeople
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/People' } } } }
      responses: { '200': { description: Added } }
components:
  schemas:
    Mail: { type: string }
    People:
      type: object
      properties:
        people:
          type: array
          items:
            type: object
            properties:
              mail: { $ref: '#/components/schemas/Mail' }
              number: { type: string }
              phone: { type: string, x-data-class: pii.phone }
              contact: { oneOf: [{ type: object, properties: { iban: { type: string } } }, { type: string }] }
`

let store: TestStore
let contract: Contract
let schema: BodySchema
before(async () => {
  store = await openTestStore()
  const result = await loadContract({ file: 'people.yaml', text })
  assert.ok(result.contract !== undefined)
  contract = result.contract
  const found = contract.operations[0]?.requestBody?.match('application/json')
  assert.ok(found !== undefined)
  schema = found
})
after(() => store[Symbol.asyncDispose]())

function sampleOf(people: readonly object[]): Sample {
  const bytes = Buffer.from(JSON.stringify({ people, undeclared: 'eve@example.com' }))
  return { api: 'people', operation: 'addPeople', way: 'request', content: { kind: 'body', bytes, schema } }
}

async function propose(samples: readonly Sample[], least = 0.7) {
  await store.store.discovery.clear('people')
  const discovery = new Discovery(store.store.discovery, (thrown) => assert.fail(String(thrown)))
  for (const sample of samples) discovery.offer(sample)
  await discovery[Symbol.asyncDispose]()
  return proposeClasses(contract, await store.store.discovery.list('people'), least)
}

const people = Array.from({ length: 10 }, (_, at) => ({
  mail: `person${at}@example.com`,
  number: `42${at}`,
  phone: '+44 20 7946 0000',
  contact: { iban: 'DE89370400440532013000' },
}))

describe('discovery', () => {
  it('proposes a class where the contract is to say it, for declared fields without one alone', async () => {
    const proposals = await propose([sampleOf(people)])
    assert.deepEqual(
      proposals.map(({ line, pointer, class: name, seen, found }) => [line, pointer, name, seen, found]),
      [
        // Nothing counts beside a reference in OpenAPI 3.0, so it is written where the reference leads.
        [12, '/components/schemas/Mail', 'pii.email', 10, 10],
        [
          24,
          '/components/schemas/People/properties/people/items/properties/contact/oneOf/0/properties/iban',
          'finance.iban',
          1,
          1,
        ],
      ],
    )
  })

  it('counts a value once, however often it comes', async () => {
    const [mail] = await propose(Array.from({ length: 30 }, () => sampleOf(people)))
    assert.deepEqual([mail?.seen, mail?.found], [10, 10])
  })

  it('is less sure of a field in which few values look like it', async () => {
    const mixed = Array.from({ length: 100 }, (_, at) => ({
      number: at % 10 === 0 ? `person${at}@example.com` : `N-${at}`,
    }))
    assert.deepEqual(await propose([sampleOf(mixed)]), [])
    const [unsure] = await propose([sampleOf(mixed)], 0.1)
    assert.equal(unsure?.class, 'pii.email')
    assert.ok((unsure?.confidence ?? 1) < 0.2)
  })

  it('keeps no value, holds a bounded number of samples, and passes over what it cannot read', async () => {
    const bytes = Buffer.from('{"people":[{"mail":')
    const broken: Sample = { ...sampleOf([]), content: { kind: 'body', bytes, schema } }
    const large = sampleOf([{ number: 'x'.repeat(300_000), mail: 'large@example.com' }])
    const many = Array.from({ length: 1_000 }, (_, at) => sampleOf([{ mail: `many${at}@example.com` }]))
    const [mail] = await propose([broken, large, ...many])
    assert.ok((mail?.seen ?? 0) > 0 && (mail?.seen ?? 1_000) <= 64)
    assert.ok(!JSON.stringify(await store.store.discovery.list('people')).includes('example.com'))
  })
})
