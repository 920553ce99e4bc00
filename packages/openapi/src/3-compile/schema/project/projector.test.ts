import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { compileSchemas } from '../testing.ts'

const schemas = `
Order:
  type: object
  required: [id]
  properties:
    id: { type: integer }
    note: { type: string }
    secret: { type: string, writeOnly: true }
    margin: { type: number, x-gateward: { scope: 'orders:internal' } }
    customer: { $ref: '#/components/schemas/Customer' }
    lines: { type: array, items: { $ref: '#/components/schemas/Line' } }
    labels: { type: object, additionalProperties: { $ref: '#/components/schemas/Line' } }
    free: { type: object }
    parent: { $ref: '#/components/schemas/Order' }
Customer:
  allOf:
    - { type: object, properties: { name: { type: string } } }
    - { type: object, properties: { mail: { type: string } } }
Line: { type: object, properties: { item: { type: string } }, patternProperties: { '^x-': true } }
Payment:
  oneOf:
    - { type: object, required: [card], properties: { card: { type: string } } }
    - { type: object, required: [iban], properties: { iban: { type: string }, bic: { type: string } } }
FreeIf: { type: object, if: { required: [b] }, then: { required: [c] } }
Any: { anyOf: [{ properties: { a: { type: string } } }, { properties: { b: { type: integer } } }] }
Pet:
  oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
  discriminator: { propertyName: kind }
Cat: { type: object, properties: { kind: { type: string }, lives: { type: integer } } }
Dog: { type: object, properties: { kind: { type: string }, breed: { type: string } } }
Vehicle: { type: object, properties: { type: { type: string } }, discriminator: { propertyName: type } }
Bike: { allOf: [{ $ref: '#/components/schemas/Vehicle' }, { properties: { gears: { type: integer } } }] }
If:
  type: object
  properties: { kind: { type: string } }
  if: { properties: { kind: { const: card } }, required: [kind] }
  then: { properties: { number: { type: string } } }
  else: { properties: { iban: { type: string } } }
Text: { type: object, properties: { id: { type: string }, ids: { type: array, items: { type: string } } } }
Maybe: { type: object, properties: { id: { anyOf: [{ type: string }, { type: 'null' }] }, either: { oneOf: [{ type: string }, { type: object }] } } }
Tuple: { type: array, prefixItems: [{ $ref: '#/components/schemas/Line' }], items: { $ref: '#/components/schemas/Cat' } }
`

const none: ReadonlySet<string> = new Set()

describe('projection of answers', () => {
  const { body } = compileSchemas(schemas)
  const table: readonly (readonly [
    name: string,
    value: unknown,
    left: unknown,
    removed: readonly string[],
  ])[] = [
    ['Order', { id: 1, password: 'x' }, { id: 1 }, ['/password']],
    // An object where a text is declared has no declared member, nor has one in an array where there is to be none.
    ['Text', { id: { secret: 1 } }, { id: {} }, ['/id/secret']],
    ['Text', { ids: ['a', { secret: 1 }] }, { ids: ['a', {}] }, ['/ids/1/secret']],
    ['Text', { ids: { secret: 1 } }, { ids: {} }, ['/ids/secret']],
    ['Text', { id: [[{ secret: 1 }], 'a', 1] }, { id: [[{}], 'a', 1] }, ['/id/0/0/secret']],
    ['Text', [{ id: 'a' }], [{}], ['/0/id']],
    ['Maybe', { id: { secret: 1 } }, { id: {} }, ['/id/secret']],
    ['Maybe', { id: [{ secret: 1 }] }, { id: [{}] }, ['/id/0/secret']],
    ['Maybe', { either: { any: 1 } }, { either: { any: 1 } }, []],
    ['Order', { id: 1, secret: 'x' }, { id: 1 }, ['/secret']],
    ['Order', { id: 1, margin: 2 }, { id: 1 }, ['/margin']],
    [
      'Order',
      { customer: { name: '', mail: '', ssn: '' } },
      { customer: { name: '', mail: '' } },
      ['/customer/ssn'],
    ],
    [
      'Order',
      { lines: [{ item: '', cost: 1 }, { 'x-a': 1 }] },
      { lines: [{ item: '' }, { 'x-a': 1 }] },
      ['/lines/0/cost'],
    ],
    [
      'Order',
      { labels: { any: { item: '', cost: 1 } } },
      { labels: { any: { item: '' } } },
      ['/labels/any/cost'],
    ],
    ['Order', { free: { a: { b: 1 } } }, { free: { a: { b: 1 } } }, []],
    ['Order', { parent: { parent: { x: 1 } } }, { parent: { parent: {} } }, ['/parent/parent/x']],
    ['Order', JSON.parse('{"id":1,"__proto__":{"a":1}}'), { id: 1 }, ['/__proto__']],
    ['Payment', { card: '4', cvc: 1 }, { card: '4' }, ['/cvc']],
    ['Payment', { iban: 'DE', bic: 'X', card: 1 }, { iban: 'DE', bic: 'X' }, ['/card']],
    ['Any', { a: [], b: {} }, {}, ['/a', '/b']],
    ['FreeIf', { a: 1, z: 1 }, { a: 1, z: 1 }, []],
    ['Any', { a: '', b: 1, c: 2 }, { a: '', b: 1 }, ['/c']],
    ['Pet', { kind: 'Cat', lives: 9, breed: '' }, { kind: 'Cat', lives: 9 }, ['/breed']],
    ['Vehicle', { type: 'Bike', gears: 7, wings: 2 }, { type: 'Bike', gears: 7 }, ['/wings']],
    ['If', { kind: 'card', number: '', iban: '' }, { kind: 'card', number: '' }, ['/iban']],
    ['If', { kind: 'sepa', number: '', iban: '' }, { kind: 'sepa', iban: '' }, ['/number']],
    [
      'Tuple',
      [
        { item: '', a: 1 },
        { lives: 1, item: '' },
      ],
      [{ item: '' }, { lives: 1 }],
      ['/0/a', '/1/item'],
    ],
    ['Order', 'no object', 'no object', []],
  ]
  for (const [name, value, left, removed] of table) {
    test(`of ${name} ${JSON.stringify(value)} leaves ${JSON.stringify(left)}`, () => {
      const projection = body(name, 'response').project(value, none)
      assert.deepEqual(projection, { value: left, removed })
    })
  }

  test('returns the value itself where nothing had to go, and never changes it', () => {
    const order = { id: 1, customer: { name: 'Ada' }, lines: [{ item: 'tea' }] }
    const answer = body('Order', 'response')
    assert.equal(answer.project(order, none).value, order)
    const dirty = { id: 1, lines: [{ item: 'tea', cost: 1 }] }
    answer.project(dirty, none)
    assert.deepEqual(dirty, { id: 1, lines: [{ item: 'tea', cost: 1 }] })
  })

  test('shows a scoped property to a caller with the scope', () => {
    const value = { id: 1, margin: 2 }
    assert.equal(body('Order', 'response').project(value, new Set(['orders:internal'])).value, value)
  })

  test('tells at most 20 pointers of what it removed', () => {
    const value = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, index]))
    const { value: left, removed } = body('Order', 'response').project(value, none)
    assert.deepEqual(left, {})
    assert.equal(removed.length, 20)
  })

  test('ends at values nested deeper than any contract describes', () => {
    let value: unknown = { x: 1 }
    for (let depth = 0; depth < 5000; depth++) value = { parent: value }
    assert.equal(body('Order', 'response').project(value, none).removed.length, 1)
  })
})

describe('projection of any answer', () => {
  const { body } = compileSchemas(schemas, '3.1', { closed: ['request', 'response'] })
  const names = [
    'id',
    'note',
    'secret',
    'margin',
    'customer',
    'lines',
    'labels',
    'free',
    'parent',
    'item',
    'card',
    'a',
    'b',
    'kind',
    'lives',
    'x-a',
    'type',
    'gears',
    '__proto__',
    'constructor',
  ]
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('Cat', 'Bike', 'card', 1, null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
    ),
  }))

  for (const name of ['Order', 'Any', 'Pet', 'Vehicle', 'If', 'Tuple']) {
    const answer = body(name, 'response')
    test(`of ${name} leaves nothing undeclared`, () => {
      fc.assert(
        fc.property(value, (any) => {
          const left = answer.project(any, none).value
          assert.deepEqual(
            answer.validate(left).filter(({ keyword }) => keyword === 'unknown'),
            [],
          )
        }),
      )
    })

    test(`of ${name} twice is the same as once`, () => {
      fc.assert(
        fc.property(value, (any) => {
          const left = answer.project(any, none).value
          assert.equal(answer.project(left, none).value, left)
        }),
      )
    })
  }
})
