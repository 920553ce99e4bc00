import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readFormBody } from '../../exchange/form-body.ts'
import { readMultipart } from '../../exchange/multipart.ts'
import { openTestDataKeys, type TestDataKeys } from '../../keyring/data-keys/testing.ts'
import { openContractBench, type ContractBench } from '../contract-testing.ts'
import { fieldEncryptionGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: People, version: 1.0.0 }
paths:
  /people:
    post:
      operationId: addPerson
      requestBody:
        content:
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Person' } }
          multipart/form-data: { schema: { $ref: '#/components/schemas/Person' } }
      responses:
        '201': { description: Added, content: { application/json: { schema: { $ref: '#/components/schemas/Person' } } } }
components:
  schemas:
    Person:
      type: object
      additionalProperties: true
      properties:
        id: { type: integer }
        email: { type: string, x-data-class: { class: pii.email, index: emailIndex } }
        age: { type: integer, x-data-class: pii.birthdate }
        phones: { type: array, items: { type: string, x-data-class: pii.phone } }
        nicknames: { type: array, items: { type: string }, x-data-class: pii.name }
        address: { type: object, x-data-class: pii.address, properties: { city: { type: string } } }
        photo: { type: string, format: binary }
`

let keys: TestDataKeys
let bench: ContractBench
before(async () => {
  keys = await openTestDataKeys()
  bench = await openContractBench(contract, { dataKeys: keys.keys })
})
after(() => keys[Symbol.asyncDispose]())

type Pairs = readonly (readonly [name: string, value: string])[]

const boundary = 'x-Y-z'
const kinds = {
  'application/x-www-form-urlencoded': {
    contentType: 'application/x-www-form-urlencoded',
    write: (pairs: Pairs) => new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString(),
    read: (text: string): Pairs => {
      const reading = readFormBody(Buffer.from(text), 100)
      assert.ok(reading.kind === 'fields')
      return reading.fields
    },
  },
  'multipart/form-data': {
    contentType: `multipart/form-data; boundary=${boundary}`,
    write: (pairs: Pairs) =>
      `${pairs.map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--${boundary}--\r\n`,
    read: (text: string): Pairs => {
      const reading = readMultipart(Buffer.from(text), boundary, 100)
      assert.ok(reading.kind === 'parts', reading.kind === 'refused' ? reading.reason : '')
      return reading.parts.map(({ name, bytes }) => [name, bytes.toString()])
    },
  },
} as const

for (const [kind, form] of Object.entries(kinds))
  describe(`a form of ${kind}`, () => {
    const { contentType } = form
    const write = (pairs: Pairs) => form.write(pairs)
    const read = (text: string) => form.read(text)
    const subject = () => bench.compile(fieldEncryptionGuard, 'addPerson')
    const send = (body: string) => subject().send({ body, headers: { 'content-type': contentType } })
    const sendPairs = (...pairs: Pairs) => send(write(pairs))

    /** What a caller sees of fields that the service gives back as JSON. */
    const shown = (stored: Readonly<Record<string, unknown>>): unknown =>
      JSON.parse(subject().answer({ status: 201, body: stored }).text)

    it('reaches the service with envelopes in place of classified fields, in the order that it had', () => {
      const { text, note } = sendPairs(
        ['id', '7'],
        ['email', 'Ada@example.com'],
        ['age', '36'],
        ['more', 'x y'],
      )
      const fields = read(text)
      assert.deepEqual(
        fields.map(([name]) => name),
        ['id', 'email', 'emailIndex', 'age', 'more'],
      )
      const { id, email, emailIndex, age, more } = Object.fromEntries(fields)
      assert.deepEqual([id, more], ['7', 'x y'])
      for (const value of [email, age]) assert.match(String(value), /^enc:v1:dk_\w+:/)
      assert.equal(note, 'encrypted 2 fields')
      // A number comes back as one: what was sealed is the value by the contract, not its spelling.
      assert.deepEqual(shown({ email, emailIndex, age }), { email: 'Ada@example.com', age: 36 })
    })

    it('seals each item of a list, or a list that is classified as one', () => {
      const { text } = sendPairs(['phones', '1'], ['nicknames', 'a'], ['phones', '2'], ['nicknames', 'b'])
      const fields = read(text)
      assert.deepEqual(
        fields.map(([name]) => name),
        ['phones', 'nicknames', 'phones'],
      )
      const phones = fields.filter(([name]) => name === 'phones').map(([, value]) => value)
      assert.deepEqual(shown({ phones, nicknames: fields[1]?.[1] }), {
        phones: ['1', '2'],
        nicknames: ['a', 'b'],
      })
    })

    it('seals a classified object that is one JSON text', () => {
      const [[, address] = []] = read(sendPairs(['address', '{"city":"London"}']).text)
      assert.deepEqual(shown({ address }), { address: { city: 'London' } })
    })

    it('cannot bring an index of its own', () => {
      const fields = read(
        sendPairs(['emailIndex', 'forged'], ['email', 'a@example.com'], ['emailIndex', 'forged']).text,
      )
      assert.deepEqual(
        fields.map(([name]) => name),
        ['email', 'emailIndex'],
      )
      assert.ok(!fields.some(([, value]) => value === 'forged'))
    })

    it('is refused where it brings an envelope or a mask', () => {
      for (const value of ['enc:v1:dk_x:AAAA', 'a***@e***.com'])
        assert.equal(sendPairs(['email', value]).code, 'VALIDATION_ERROR')
    })

    it('is refused where a classified value is spread over names that are not its own', () => {
      for (const pairs of [
        [['address[city]', 'London']],
        [
          ['email', 'a@example.com'],
          ['email[]', 'b@example.com'],
        ],
      ] as const)
        assert.equal(sendPairs(...pairs).code, 'MALFORMED_BODY', JSON.stringify(pairs))
    })

    it('is refused where it is none', () => {
      for (const body of ['email=a%', '&']) assert.equal(send(body).code, 'MALFORMED_BODY', body)
    })

    it('is as it was in shadow, byte for byte, and where nothing in it is classified', () => {
      const body = write([
        ['email', 'a@example.com'],
        ['id', '1'],
      ])
      const headers = { 'content-type': contentType }
      const shadow = bench.compile(fieldEncryptionGuard, 'addPerson', { mode: 'shadow' })
      const { text, note } = shadow.send({ body, headers })
      assert.deepEqual([text, note], [body, 'would have encrypted 1 fields'])
      const plain = write([['id', '1']])
      assert.equal(send(plain).text, plain)
    })

    it('lets no classified text through, whatever it is, and changes no other', () => {
      const word = fc
        .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
        .filter((text) => !/[\r\n"\\]/.test(text))
      const pair = fc.tuple(fc.constantFrom('email', 'phones', 'nicknames', 'one', 'two'), word)
      const classified = new Set(['email', 'emailIndex', 'phones', 'nicknames'])
      fc.assert(
        fc.property(fc.array(pair, { minLength: 1, maxLength: 8 }), (pairs) => {
          const { text, code } = sendPairs(...pairs)
          fc.pre(code === undefined)
          const fields = read(text)
          const others = (all: Pairs) => all.filter(([name]) => !classified.has(name))
          assert.deepEqual(others(fields), others(pairs))
          for (const [name, value] of fields)
            if (classified.has(name) && name !== 'emailIndex') assert.match(value, /^enc:v1:dk_\w+:/)
        }),
        { numRuns: 200 },
      )
    })
  })

describe('a part of a form that is a file', () => {
  it('passes as it is beside classified fields, and is refused in the place of one', () => {
    const subject = bench.compile(fieldEncryptionGuard, 'addPerson')
    const send = (name: string) =>
      subject.send({
        body: Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="a.bin"\r\n\r\n\xff\x00\r\n--${boundary}\r\nContent-Disposition: form-data; name="email"\r\n\r\na@example.com\r\n--${boundary}--`,
          'latin1',
        ),
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      })
    assert.equal(send('phones').code, 'MALFORMED_BODY')
    const { text, code } = send('photo')
    assert.equal(code, undefined)
    assert.match(text, /a\.bin.*enc:v1:/s)
    assert.ok(!text.includes('a@example.com'))
  })
})
