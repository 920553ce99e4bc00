import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { compileSchemas } from './testing.ts'
import { isExactMultiple, isMultipleOf } from './is-multiple-of.ts'

const users = `
User:
  type: object
  required: [id, username, email]
  properties:
    id: { type: integer, readOnly: true }
    username: { type: string, minLength: 3, maxLength: 30, pattern: '^[a-zA-Z0-9_]+$' }
    email: { type: string, format: email }
    password: { type: string, writeOnly: true }
`

function told(violations: readonly { pointer: string; keyword: string }[]): string[] {
  return violations.map(({ pointer, keyword }) => `${pointer} ${keyword}`)
}

describe('the username and email of the article', () => {
  const body = compileSchemas(users).body('User')

  test('a good pair passes', () => {
    assert.deepEqual(body.validate({ username: 'ada_99', email: 'ada@example.com' }), [])
  })

  const bad = [
    [{ username: 'ab', email: 'ada@example.com' }, '/username minLength'],
    [{ username: 'a'.repeat(31), email: 'ada@example.com' }, '/username maxLength'],
    [{ username: "ada'; DROP TABLE users", email: 'ada@example.com' }, '/username pattern'],
    [{ username: 'ada', email: 'ada' }, '/email format'],
    [{ username: 'ada' }, '/email missing'],
    [{ username: 'ada', email: 'ada@example.com', role: 'admin' }, '/role unknown'],
    [{ username: 'ada', email: 'ada@example.com', id: 1 }, '/id readOnly'],
    [{ username: ['ada'], email: 'ada@example.com' }, '/username type'],
  ] as const
  for (const [value, violation] of bad) {
    test(`${JSON.stringify(value).slice(0, 60)} is refused as ${violation}`, () => {
      assert.deepEqual(told(body.validate(value)), [violation])
    })
  }

  test('a violation names the line of the contract that it broke', () => {
    const [violation] = body.validate({ username: 'a-b', email: 'ada@example.com' })
    assert.equal(violation?.position?.line, 7)
    assert.match(violation?.message ?? '', /"a-b" does not match/)
  })

  test('a response must have what is read-only and need not have what is write-only', () => {
    const answer = compileSchemas(users).body('User', 'response')
    assert.deepEqual(answer.validate({ id: 1, username: 'ada', email: 'a@example.com' }), [])
    assert.deepEqual(told(answer.validate({ username: 'ada', email: 'a@example.com' })), ['/id missing'])
  })
})

describe('violations', () => {
  test('are at most ten, and one alone for a value too large to explain', () => {
    const { body } = compileSchemas('List: { type: array, items: { type: integer } }')
    assert.equal(body('List').validate(Array.from({ length: 500 }, () => 'x')).length, 10)
    assert.equal(body('List').validate(Array.from({ length: 100_000 }, () => 'x')).length, 1)
  })

  test('never quote more than 40 characters', () => {
    const { body } = compileSchemas('Text: { type: string, pattern: "^a$" }')
    assert.ok((body('Text').validate('s'.repeat(1000))[0]?.message.length ?? 999) < 80)
  })

  test('of a parameter carry its name and place', () => {
    const { compiler } = compileSchemas('Limit: { type: integer, maximum: 100 }')
    const [violation] = compiler.compileValue('/components/schemas/Limit', 'query', 'limit')(101)
    assert.deepEqual([violation?.in, violation?.pointer, violation?.keyword], ['query', 'limit', 'maximum'])
  })
})

describe('closed mode', () => {
  const { body } = compileSchemas(`
Base: { type: object, properties: { a: { type: string } } }
Both: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { b: { type: string } } }] }
Inner: { type: object, properties: { in: { $ref: '#/components/schemas/Base' } } }
Any: { anyOf: [{ $ref: '#/components/schemas/Base' }, { type: object, properties: { b: { type: integer } } }] }
One:
  oneOf:
    - { type: object, required: [a], properties: { a: { type: string } } }
    - { type: object, required: [b], properties: { b: { type: string } } }
Either: { anyOf: [{ properties: { a: { type: string } }, required: [a] }, { type: object }] }
Free: { type: object }
Said: { type: object, properties: { a: { type: string } }, additionalProperties: true }
Typed: { type: object, properties: { a: { type: string } }, additionalProperties: { type: integer } }
Tree: { type: object, properties: { left: { $ref: '#/components/schemas/Tree' }, items: { type: array, items: { $ref: '#/components/schemas/Tree' } } } }
Not: { type: object, properties: { a: true }, not: { properties: { a: { properties: { x: true } } }, required: [a] } }
If:
  type: object
  properties: { kind: { type: string } }
  if: { properties: { kind: { const: card } }, required: [kind] }
  then: { properties: { number: { type: string } } }
  else: { properties: { iban: { type: string } } }
Patterned: { type: object, patternProperties: { '^x-': { type: string } } }
Tuple: { type: array, items: { type: object, properties: { a: true } } }
Proto: { type: object, properties: { a: true } }
`)
  const table = [
    ['Base', { a: '' }, []],
    ['Base', { b: 1 }, ['/b unknown']],
    ['Both', { a: '', b: '' }, []],
    ['Both', { a: '', c: '' }, ['/c unknown']],
    ['Inner', { in: { a: '', z: 1 } }, ['/in/z unknown']],
    ['Any', { a: '', b: 1 }, []],
    ['Any', { a: '', c: 1 }, ['/c unknown']],
    ['One', { a: '' }, []],
    ['One', { a: '', c: '' }, ['/c unknown']],
    ['Either', { z: 1 }, []],
    ['Free', { anything: { at: 'all' } }, []],
    ['Said', { a: '', z: 1 }, []],
    ['Typed', { z: 1 }, []],
    ['Typed', { z: 'x' }, ['/z type']],
    ['Tree', { left: { items: [{ left: {} }] } }, []],
    ['Tree', { left: { items: [{ left: { x: 1 } }] } }, ['/left/items/0/left/x unknown']],
    ['If', { kind: 'card', number: '4' }, []],
    ['If', { kind: 'sepa', iban: 'DE' }, []],
    ['If', { kind: 'card', iban: 'DE' }, ['/iban unknown']],
    ['Patterned', { 'x-a': '' }, []],
    ['Patterned', { y: '' }, ['/y unknown']],
    ['Tuple', [{ a: 1 }, { b: 1 }], ['/1/b unknown']],
    ['Proto', JSON.parse('{"__proto__":{}}'), ['/__proto__ unknown']],
    ['Proto', { constructor: 1 }, ['/constructor unknown']],
    ['Proto', { toString: 1 }, ['/toString unknown']],
  ] as const
  for (const [name, value, expected] of table) {
    test(`${name} ${JSON.stringify(value)} is ${expected.length === 0 ? 'accepted' : expected[0]}`, () => {
      assert.deepEqual(told(body(name).validate(value)), expected)
    })
  }

  test('does not close what must not match, which would let more through', () => {
    assert.deepEqual(told(body('Not').validate({ a: { y: 1 } })), [' not'])
  })

  test('lets nothing through that the contract as it stands refuses', () => {
    const schemas = `
Part: { type: object, properties: { a: { type: string }, b: { type: integer } } }
Whole:
  allOf: [{ $ref: '#/components/schemas/Part' }]
  anyOf: [{ required: [a] }, { type: object, properties: { c: { $ref: '#/components/schemas/Whole' } }, required: [c] }]
  not: { required: [a, b] }
`
    const closed = compileSchemas(schemas).body('Whole')
    const open = compileSchemas(schemas, '3.1', { closed: [] }).body('Whole')
    const { whole } = fc.letrec((tie) => ({
      whole: fc.dictionary(
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), tie('whole')),
      ),
    }))
    fc.assert(
      fc.property(whole, (value) => {
        if (closed.validate(value).length === 0) assert.deepEqual(open.validate(value), [])
      }),
    )
  })
})

describe('discriminators', () => {
  const pets = `
Pet:
  oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
  discriminator: { propertyName: kind, mapping: { cat: Cat, hound: '#/components/schemas/Dog' } }
Cat: { type: object, required: [kind], properties: { kind: { type: string }, lives: { type: integer } } }
Dog: { type: object, required: [kind], properties: { kind: { type: string }, breed: { type: string } } }
Vehicle: { type: object, required: [type], properties: { type: { type: string } }, discriminator: { propertyName: type } }
Bike: { allOf: [{ $ref: '#/components/schemas/Vehicle' }, { type: object, properties: { gears: { type: integer } } }] }
Shape: { type: object, required: [k], properties: { k: { type: string } }, oneOf: [{ $ref: '#/components/schemas/Disc' }], discriminator: { propertyName: k } }
Disc: { allOf: [{ $ref: '#/components/schemas/Shape' }, { properties: { r: { type: number } } }] }
Strict: { oneOf: [{ $ref: '#/components/schemas/Cat' }], discriminator: { propertyName: kind }, anyOf: [{ required: [lives] }] }
Fleet: { type: array, items: { $ref: '#/components/schemas/Vehicle' } }
`
  const { body } = compileSchemas(pets)
  const table = [
    ['Pet', { kind: 'cat', lives: 9 }, []],
    ['Pet', { kind: 'hound', breed: 'collie' }, []],
    ['Pet', { kind: 'Dog', breed: 'collie' }, []],
    ['Pet', { kind: 'cat', breed: 'collie' }, ['/breed unknown']],
    ['Pet', { kind: 'cow' }, ['/kind discriminator']],
    ['Pet', {}, ['/kind discriminator']],
    ['Pet', 'cat', [' discriminator']],
    ['Vehicle', { type: 'Bike', gears: 7 }, []],
    ['Vehicle', { type: 'Bike', gears: 'x' }, ['/gears type']],
    ['Vehicle', { type: 'Vehicle', gears: 7 }, ['/gears unknown']],
    ['Vehicle', { type: 'Boat' }, ['/type discriminator']],
    ['Shape', { k: 'Disc', r: 1 }, []],
    ['Shape', { k: 'Disc', r: 'x' }, ['/r type']],
    ['Shape', { k: 'Disc', z: 1 }, ['/z unknown']],
    ['Disc', { k: 'Disc', r: 1 }, []],
    ['Strict', { kind: 'Cat', lives: 9 }, []],
    ['Strict', { kind: 'Cat' }, [' anyOf']],
    ['Fleet', [{ type: 'Bike', gears: 7, wings: 2 }], ['/0/wings unknown']],
    ['Bike', { type: 'Bike', gears: 7 }, []],
  ] as const
  for (const [name, value, expected] of table) {
    test(`${name} ${JSON.stringify(value)} is ${expected.length === 0 ? 'accepted' : expected[0]}`, () => {
      assert.deepEqual(told(body(name).validate(value)), expected)
    })
  }
})

describe("OpenAPI 3.0's dialect", () => {
  const { body, compiler } = compileSchemas(
    `
Name: { type: string, nullable: true }
Ref: { allOf: [{ $ref: '#/components/schemas/Name' }] }
Price: { type: number, minimum: 0, exclusiveMinimum: true, maximum: 10, exclusiveMaximum: false }
Sibling: { $ref: '#/components/schemas/Name', maxLength: 1 }
Choice: { type: string, nullable: true, enum: [a, b] }
`,
    '3.0',
  )
  const table = [
    ['Name', null, true],
    ['Name', 1, false],
    ['Ref', null, true],
    ['Price', 0, false],
    ['Price', 0.01, true],
    ['Price', 10, true],
    ['Sibling', 'long', true],
    ['Choice', null, false],
  ] as const
  for (const [name, value, accepted] of table) {
    test(`${name} ${accepted ? 'accepts' : 'refuses'} ${String(value)}`, () => {
      assert.equal(body(name).validate(value).length === 0, accepted)
    })
  }

  test('what has no effect in it is told', () => {
    assert.deepEqual(
      compiler.diagnostics.map(({ code, severity, position }) => [code, severity, position?.line]),
      [
        ['ignored-keyword', 'warning', 5],
        ['ignored-keyword', 'warning', 6],
      ],
    )
  })
})

describe('an exclusive bound', () => {
  const forms = [
    ['3.0', '{ minimum: 1, exclusiveMinimum: true }'],
    ['3.0', '{ exclusiveMinimum: 1 }'],
    ['3.0', '{ minimum: 0, exclusiveMinimum: 1 }'],
    ['3.1', '{ minimum: 1, exclusiveMinimum: true }'],
    ['3.1', '{ exclusiveMinimum: 1 }'],
    ['3.1', '{ exclusiveMinimum: 1, minimum: 0 }'],
  ] as const
  for (const [dialect, schema] of forms)
    test(`written ${schema} is exclusive in ${dialect}`, () => {
      const above = compileSchemas(`Above: ${schema}`, dialect).body('Above')
      assert.deepEqual(told(above.validate(1)), [' exclusiveMinimum'])
      assert.deepEqual(above.validate(1.5), [])
      const below = compileSchemas(`Below: ${schema.replaceAll('inimum', 'aximum')}`, dialect).body('Below')
      assert.deepEqual(below.validate(-1).length, 0)
      assert.ok(told(below.validate(1)).includes(' exclusiveMaximum'))
    })

  for (const dialect of ['3.0', '3.1'] as const)
    test(`is inclusive where its flag is false in ${dialect}`, () => {
      const { body } = compileSchemas('From: { minimum: 1, exclusiveMinimum: false }', dialect)
      assert.deepEqual(body('From').validate(1), [])
      assert.deepEqual(told(body('From').validate(0)), [' minimum'])
    })
})

describe('numbers', () => {
  const table = [
    [0.07, 0.01, true],
    [1.1, 0.1, true],
    [19.99, 0.01, true],
    [4.35, 0.01, true],
    [0.075, 0.01, false],
    [1e300, 3, false],
    [1e22, 1e-7, true],
    [-9, 3, true],
    [0, 0.3, true],
  ] as const
  for (const [value, divisor, expected] of table)
    test(`${value} is ${expected ? 'a' : 'no'} multiple of ${divisor}`, () => {
      assert.equal(isMultipleOf(value, divisor), expected)
    })

  test('the quick way of dividing and the exact one agree', () => {
    const number = fc.oneof(
      fc
        .tuple(fc.integer(), fc.integer({ min: 0, max: 8 }))
        .map(([digits, places]) => Number(`${digits}e-${places}`)),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(number, number, (value, divisor) => {
        fc.pre(divisor !== 0)
        assert.equal(isMultipleOf(value, Math.abs(divisor)), isExactMultiple(value, Math.abs(divisor)))
      }),
      { numRuns: 5000 },
    )
  })

  test('every product of an integer and a decimal is a multiple of the decimal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 1, max: 999 }),
        (factor, cents) => {
          assert.ok(isMultipleOf(Number(`${factor * cents}e-2`), Number(`${cents}e-2`)))
        },
      ),
    )
  })

  test('formats bound them: int32, int64 by what JSON keeps exact, float', () => {
    const { body } = compileSchemas(
      'Small: { type: integer, format: int32 }\nLarge: { type: integer, format: int64 }\nFloat: { type: number, format: float }',
    )
    assert.equal(body('Small').validate(2 ** 31 - 1).length, 0)
    assert.equal(body('Small').validate(2 ** 31).length, 1)
    assert.equal(body('Large').validate(2 ** 53 - 1).length, 0)
    assert.equal(body('Large').validate(2 ** 53).length, 1)
    assert.equal(body('Float').validate(1e39).length, 1)
  })
})
