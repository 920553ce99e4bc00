import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { LineWriter, toBytes } from './line-writer.ts'

test('texts are JSON strings in ASCII, whatever they hold and however long they are', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary', minLength: 90, maxLength: 120 }),
  )
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      const line = new LineWriter()
      for (const text of texts) {
        line.quoted(text)
        line.ascii('\n')
      }
      const written = line.take()
      assert.ok(written.every((byte) => byte < 0x80))
      const read = written.toString('latin1').split('\n').slice(0, -1)
      assert.deepEqual(
        read.map((quoted) => JSON.parse(quoted) as unknown),
        texts,
      )
    }),
  )
})

test('numbers are written as JavaScript writes them', () => {
  const numbers = fc.oneof(
    fc.nat(),
    fc.integer(),
    fc.maxSafeNat(),
    fc.constantFrom(0, 9, 10, 99, 100, 999_999_999, 1_000_000_000),
  )
  fc.assert(
    fc.property(numbers, (value) => {
      const line = new LineWriter()
      line.integer(value)
      assert.equal(line.take().toString(), String(value))
      const milliseconds = value / 1_000
      line.thousandths(milliseconds)
      assert.equal(Number(line.take().toString()), milliseconds)
    }),
  )
  for (const [value, written] of [
    [0, '0.000'],
    [0.0004, '0.000'],
    [0.9996, '1.000'],
    [12.0346, '12.035'],
  ] as const) {
    const line = new LineWriter()
    line.thousandths(value)
    assert.equal(line.take().toString(), written)
  }
})

test('nothing is lost where lines are longer than a block, and what was taken never changes', () => {
  const line = new LineWriter()
  const taken: Buffer[] = []
  let expected = ''
  for (let index = 0; index < 400; index++) {
    const text = `${index}:${'x'.repeat((index * 7_919) % 40_000)}\n`
    if (index % 3 === 0) line.text(text)
    else if (index % 3 === 1) line.ascii(text)
    else line.bytes(toBytes(text))
    expected += text
    if (index % 37 === 0) taken.push(line.take())
  }
  line.text('é…\u{1f600}\n'.repeat(200_000))
  taken.push(line.take())
  assert.equal(Buffer.concat(taken).toString(), `${expected}${'é…\u{1f600}\n'.repeat(200_000)}`)
})
