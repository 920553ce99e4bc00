import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { dataClasses } from '../../data-classes/catalog.ts'
import { knownCaller, openContractBench, type ContractBench } from '../contract-testing.ts'
import { maskingGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: People, version: 1.0.0 }
paths:
  /people:
    get:
      operationId: listPeople
      responses:
        '200':
          description: All
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  properties:
                    id: { type: integer }
                    email: { type: string, x-data-class: pii.email }
                    name: { type: string, x-data-class: pii.name }
                    card: { type: string, x-data-class: finance.card }
                    born: { type: object, x-data-class: pii.birthdate }
                    blood: { type: string, x-data-class: health.record }
`
let bench: ContractBench
before(async () => {
  bench = await openContractBench(contract)
})

const ada = {
  id: 1,
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  card: '4111 1111 1111 1111',
  born: { year: 1815 },
  blood: '0+',
}

function seenBy(scopes: readonly string[], settings: object = {}, value: object = ada) {
  const { text, note, exchange } = bench
    .compile(maskingGuard, 'listPeople', { ...settings })
    .answer({ body: [value] }, { principal: knownCaller({ scopes: new Set(scopes) }) })
  return { seen: (JSON.parse(text) as unknown[])[0], note, touched: exchange.touched?.byClass }
}

describe('masking', () => {
  it('shows masks, or nothing, to callers without the scope', () => {
    const { seen, note } = seenBy(['orders:read'])
    assert.deepEqual(seen, { id: 1, email: 'a***@e***.com', name: 'A*** L***', card: '***1111' })
    assert.equal(note, 'concealed 1 pii.email, 1 pii.name, 1 finance.card, 1 pii.birthdate, 1 health.record')
  })

  it('shows a class to callers with its scope, and a group to those with the scope of the group', () => {
    assert.equal((seenBy(['reveal:pii.email']).seen as typeof ada).email, ada.email)
    assert.equal((seenBy(['reveal:pii.email']).seen as typeof ada).name, 'A*** L***')
    const all = seenBy(['reveal:pii', 'reveal:finance', 'reveal:health'])
    assert.deepEqual(all.seen, ada)
    assert.match(all.note, /^revealed 1 pii\.email/)
  })

  it('takes other scopes and other ways from the settings', () => {
    const settings = { classes: { 'pii.email': { reveal: ['support'] }, 'pii.name': { conceal: 'remove' } } }
    const { seen } = seenBy(['support', 'reveal:pii.name-tag'], settings)
    assert.deepEqual(seen, { id: 1, email: ada.email, card: '***1111' })
    assert.equal((seenBy(['reveal:pii.email'], settings).seen as typeof ada).email, 'a***@e***.com')
  })

  it('lets nobody see a value because it is of another type than declared', () => {
    const { seen } = seenBy([], {}, { email: { secret: 'x' }, name: ['x'], card: 4111, blood: null })
    assert.deepEqual(seen, { blood: null })
  })

  it('treats a caller that nobody knows like one without scopes', () => {
    const { text } = bench
      .compile(maskingGuard, 'listPeople')
      .answer({ body: [{ email: 'ada@example.com' }] })
    assert.equal(text, '[{"email":"a***@e***.com"}]')
  })

  it('refuses what cannot be read, since it could not be masked', () => {
    const { code } = bench.compile(maskingGuard, 'listPeople').answer({ body: '[{"email":' })
    assert.equal(code, 'RESPONSE_INVALID')
  })

  it('counts by class what was revealed and what was concealed', () => {
    const none = { encrypted: 0, searched: 0, decrypted: 0, revealed: 0, concealed: 0 }
    const { touched } = seenBy(['reveal:pii.email'])
    assert.deepEqual(touched?.get('pii.email'), { ...none, revealed: 1 })
    assert.deepEqual(touched?.get('pii.name'), { ...none, concealed: 1 })
    assert.equal(seenBy([], {}, { id: 1 }).touched, undefined)
  })

  it('changes nothing in shadow, and counts what is shown there', () => {
    const { seen, touched } = seenBy([], { mode: 'shadow' })
    assert.deepEqual(seen, ada)
    assert.equal(touched?.get('pii.email')?.revealed, 1)
  })
})

describe('masks', () => {
  it('never are the value itself, and never hold more than six letters of it', () => {
    for (const { mask } of Object.values(dataClasses))
      fc.assert(
        fc.property(fc.oneof(fc.string(), fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
          const masked = mask(text)
          assert.notEqual(masked, text)
          assert.ok(masked.includes('***'))
        }),
      )
  })

  const table: readonly (readonly [name: string, text: string, masked: string])[] = [
    ['pii.email', 'a@b.c', 'a***@b***.c'],
    ['pii.email', 'no address', '***'],
    ['pii.email', '@example.com', '***'],
    ['pii.email', 'ada@localhost', '***'],
    ['pii.phone', '+44 20 7946 0123', '***23'],
    ['pii.phone', '112', '***'],
    ['pii.name', '  Ada   Lovelace ', 'A*** L***'],
    ['pii.name', '😀 Smith', '😀*** S***'],
    ['finance.card', '4111', '***'],
    ['finance.iban', 'DE89 3704 0044 0532 0130 00', '***3000'],
    ['pii.address', '12 St James’s Square', '***'],
  ]
  for (const [name, text, masked] of table)
    it(`of ${name} show ${text} as ${masked}`, () => {
      assert.equal(dataClasses[name]?.mask(text), masked)
    })
})
