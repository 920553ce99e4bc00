import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ItemsError, JsonItems, type ItemFraming } from './json-items.ts'

/** The texts of a stream that comes in pieces of these lengths. */
function take(stream: string | Buffer, framing: ItemFraming, cuts: readonly number[] = [], most = 1_000_000) {
  const items = new JsonItems(framing, most)
  const bytes = Buffer.from(stream)
  const texts: string[] = []
  let at = 0
  for (const length of [...cuts, bytes.length]) {
    texts.push(...items.push(bytes.subarray(at, at + length)).map(String))
    at = Math.min(bytes.length, at + length)
  }
  return [...texts, ...items.end().map(String)]
}

const value = fc.jsonValue({ maxDepth: 3 })
const cuts = fc.array(fc.nat({ max: 7 }), { maxLength: 40 })
const space = fc.constantFrom('', ' ', '\n', '\t \r\n')

describe('the items of a stream of JSON texts', () => {
  const writers: Readonly<Record<ItemFraming, (texts: readonly string[], space: string) => string>> = {
    list: (texts, space) =>
      `${space}[${texts.map((text) => space + text + space).join(',')}${space}]${space}`,
    lines: (texts, space) => texts.map((text) => `${space}${text}\n`).join(''),
    sequence: (texts, space) => texts.map((text) => `\u001e${space}${text}${space}`).join(''),
  }
  for (const [framing, write] of Object.entries(writers) as [ItemFraming, (typeof writers)[ItemFraming]][]) {
    it(`are told apart wherever it is cut: ${framing}`, () => {
      fc.assert(
        fc.property(fc.array(value, { maxLength: 8 }), cuts, space, (values, lengths, between) => {
          const texts = values.map((each) => JSON.stringify(each))
          assert.deepEqual(take(write(texts, between), framing, lengths), texts)
        }),
      )
    })

    it(`are written as they are read: ${framing}`, () => {
      fc.assert(
        fc.property(fc.array(value, { maxLength: 8 }), (values) => {
          const texts = values.map((each) => JSON.stringify(each))
          const items = new JsonItems(framing, 1_000)
          const written = Buffer.concat([...texts.map((text) => items.write(text)), items.writeEnd()])
          assert.deepEqual(take(written, framing), texts)
          if (framing === 'list')
            assert.deepEqual(JSON.parse(written.toString()), JSON.parse(JSON.stringify(values)))
        }),
      )
    })
  }

  it('are no list where a bracket, a value or the end is missing, or something follows', () => {
    for (const text of [
      '',
      ' ',
      '{}',
      '1',
      '[',
      '[1',
      '[1,',
      '[,]',
      '[1,]',
      '[,1]',
      '["]',
      '[[1]',
      '[1]2',
      '[1]]',
      'x[1]',
    ])
      for (const lengths of [[], [1], [1, 1], [2]])
        assert.throws(() => take(text, 'list', lengths), ItemsError, text)
  })

  it('may be empty lines and empty records, which say nothing', () => {
    assert.deepEqual(take('\n{"a":1}\r\n\n \n2', 'lines'), ['{"a":1}', '2'])
    assert.deepEqual(take('\u001e\u001e1\n\u001e\n', 'sequence'), ['1'])
    assert.deepEqual(take('[ ]', 'list'), [])
  })

  it('have a bound, however they come', () => {
    for (const framing of ['lines', 'sequence', 'list'] as const) {
      const text = `"${'x'.repeat(100)}"`
      const stream = framing === 'list' ? `[${text}]` : framing === 'lines' ? text : `\u001e${text}`
      for (const lengths of [[], Array.from({ length: 120 }, () => 1)]) {
        assert.deepEqual(take(stream, framing, lengths, 102), [text])
        assert.throws(() => take(stream, framing, lengths, 101), /more than 101 bytes/)
      }
    }
  })
})
