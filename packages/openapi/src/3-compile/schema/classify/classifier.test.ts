import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { removed, type ClassifiedField, type ClassifiedParts } from '../../../contract.ts'
import { compileSchemas } from '../testing.ts'

const schemas = `
Email: { type: string, format: email, x-data-class: pii.email }
Person:
  type: object
  properties:
    id: { type: integer }
    email: { $ref: '#/components/schemas/Email' }
    aliases: { type: array, items: { $ref: '#/components/schemas/Email' } }
    name: { type: string, x-data-class: { class: pii.name, field: fullName, index: nameIndex } }
    address: { type: object, x-data-class: pii.address, properties: { city: { type: string } } }
    friends: { type: array, items: { $ref: '#/components/schemas/Person' } }
    labels: { type: object, additionalProperties: { type: string, x-data-class: pii.name } }
    numbered: { type: object, properties: { n1: {} }, patternProperties: { '^n': { x-data-class: pii.phone } } }
    pair: { type: array, prefixItems: [{ type: string }, { $ref: '#/components/schemas/Email' }] }
Payment:
  oneOf:
    - { type: object, required: [card], properties: { card: { type: string, x-data-class: finance.card } } }
    - { type: object, required: [iban], properties: { iban: { type: string, format: email, x-data-class: finance.iban } } }
Maybe: { type: object, properties: { mail: { anyOf: [{ $ref: '#/components/schemas/Email' }, { type: 'null' }] } } }
Mixed: { allOf: [{ $ref: '#/components/schemas/Maybe' }, { properties: { other: { type: string } } }] }
Contact: { type: object, properties: { mails: { type: array, items: { $ref: '#/components/schemas/Email' } } }, additionalProperties: { x-data-class: pii.name } }
Plain: { type: object, properties: { id: { type: integer } } }
`

const { body } = compileSchemas(schemas)

function partsOf(name: string): ClassifiedParts {
  const { classified } = body(name)
  assert.ok(classified)
  return classified
}

function mark(part: unknown, { class: name, name: field }: ClassifiedField): string {
  return `${name}/${field}:${JSON.stringify(part)}`
}

describe('classified parts', () => {
  const table: readonly (readonly [schema: string, value: unknown, expected: unknown])[] = [
    ['Person', { id: 1, email: 'a@b.c' }, { id: 1, email: 'pii.email/email:"a@b.c"' }],
    ['Person', { aliases: ['a', 'b'] }, { aliases: ['pii.email/aliases:"a"', 'pii.email/aliases:"b"'] }],
    ['Person', { name: 'Ada' }, { name: 'pii.name/fullName:"Ada"' }],
    ['Person', { address: { city: 'x' } }, { address: 'pii.address/address:{"city":"x"}' }],
    [
      'Person',
      { friends: [{ friends: [{ email: 'x' }] }] },
      { friends: [{ friends: [{ email: 'pii.email/email:"x"' }] }] },
    ],
    ['Person', { labels: { any: 'x' } }, { labels: { any: 'pii.name/labels:"x"' } }],
    [
      'Person',
      { numbered: { n1: 'x', n2: 'y', z: 'z' } },
      { numbered: { n1: 'pii.phone/n1:"x"', n2: 'pii.phone/numbered:"y"', z: 'z' } },
    ],
    ['Person', { pair: ['x', 'y'] }, { pair: ['x', 'pii.email/pair:"y"'] }],
    ['Payment', { iban: 'no iban at all' }, { iban: 'finance.iban/iban:"no iban at all"' }],
    ['Payment', { card: '4', iban: 1 }, { card: 'finance.card/card:"4"', iban: 'finance.iban/iban:1' }],
    ['Maybe', { mail: null }, { mail: 'pii.email/mail:null' }],
    ['Mixed', { mail: 'x', other: 'y' }, { mail: 'pii.email/mail:"x"', other: 'y' }],
    ['Email', 'x', 'pii.email/:"x"'],
    ['Person', 'no object', 'no object'],
    ['Person', null, null],
  ]
  for (const [schema, value, expected] of table)
    it(`of ${schema} ${JSON.stringify(value)} are found`, () => {
      assert.deepEqual(partsOf(schema).transform(structuredClone(value), mark), expected)
    })

  it('are there in no schema that declares none', () => {
    assert.equal(body('Plain').classified, undefined)
  })

  it('can be taken away: members go, items leave their place', () => {
    const value = { email: 'x', aliases: ['x', 'y'], id: 1 }
    assert.deepEqual(
      partsOf('Person').transform(value, () => removed),
      { aliases: [null, null], id: 1 },
    )
  })

  it('are told with their owner, and each with the one object of its field', () => {
    const parts = partsOf('Person')
    const told: unknown[] = []
    const value = { email: 'x', name: 'y' }
    parts.transform(value, (part, field, owner) => {
      told.push([part, parts.fields.includes(field), owner === value])
      return part
    })
    assert.deepEqual(told, [
      ['x', true, true],
      ['y', true, true],
    ])
  })

  it('never reach a prototype', () => {
    const value: unknown = JSON.parse('{"labels":{"__proto__":"x","constructor":"y"}}')
    const left = partsOf('Person').transform(value, mark) as { labels: object }
    assert.deepEqual(Object.entries(left.labels), [
      ['__proto__', 'pii.name/labels:"x"'],
      ['constructor', 'pii.name/labels:"y"'],
    ])
  })

  it('are told apart from others by their pointers', () => {
    const parts = partsOf('Person')
    for (const pointer of ['/email', '/friends/0/email', '/address/city', '/aliases/3', '/pair/1'])
      assert.ok(parts.isClassified(pointer), pointer)
    for (const pointer of ['', '/id', '/pair/0', '/friends/0', '/nothing'])
      assert.ok(!parts.isClassified(pointer), pointer)
  })

  it('are flat where the fields of a form could hold them', () => {
    const flat = ['Email', 'Person', 'Payment', 'Maybe', 'Mixed', 'Contact'].map((name) => [
      name,
      partsOf(name).isFlat,
    ])
    assert.deepEqual(flat, [
      ['Email', false],
      ['Person', false],
      ['Payment', true],
      ['Maybe', true],
      ['Mixed', true],
      ['Contact', true],
    ])
  })

  it('are quoted in no violation', () => {
    const violations = body('Person').validate({
      email: 'hidden-text',
      aliases: ['hidden-text'],
      id: 'shown',
    })
    assert.ok(violations.length >= 2)
    assert.ok(!JSON.stringify(violations).includes('hidden'), JSON.stringify(violations))
  })
})
