import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOfText } from '../../language/bytes.ts'
import { defaultBodyLimits } from '../body-limits.ts'
import { readUrlEncoded } from '../form/read-url-encoded.ts'
import { errorOf, readWith } from '../testing.ts'
import { canonicalJsonName } from './canonical-json-name.ts'
import { readJsonInside } from './read-json-inside.ts'
import { readJson } from './read-json.ts'

const documents: readonly (readonly [text: string, ...expected: string[]])[] = [
  ['{"a":1,"b":"x"}', 'json.a=1', 'json.b=x'],
  ['{"a":{"b":[1,{"c":true}]}}', 'json.a.b.0=1', 'json.a.b.1.c=true', 'json.a.b=2'],
  ['[1,[2,3]]', 'json.0=1', 'json.1.0=2', 'json.1.1=3', 'json.1=2'],
  ['"x"', 'json=x'],
  ['-1.5e+3', 'json=-1.5e+3'],
  [' {\t"a" :\r\n [ ] } ', 'json.a='],
  ['{"a":null,"b":false}', 'json.a=', 'json.b=false'],
  ['{"<script>":{}}', 'json.<script>='],
  ['{}'],
  ['[]'],
  [''],
  [' \n'],
  ['{"a":1,"a":2,"a":{"b":3}}', 'json.a=1', 'json.a=2', 'json.a.b=3'],
  ['{"a.b":1}', 'json.a.b=1'],
  ['{"":{"":1}}', 'json..=1'],
  ['{"\\u0061\\"":"\\u003cscript\\/\\u003E\\n\\\\"}', 'json.a"=<script/>\n\\'],
  ['"\\uD83D\\uDE00\\u00fc\\u20AC"', 'json=😀ü€'],
  ['"ü😀"', 'json=ü😀'],
  ['\uFEFF{"a":1}', 'json.a=1'],
]

test('every value of a document is an argument named by its path', () => {
  for (const [text, ...expected] of documents) {
    const { reading, sink } = readWith(readJson, text)
    assert.deepEqual([reading.kind, sink.of('ARGS_POST')], ['read', expected], text)
  }
})

const mistakes: readonly (readonly [text: string, error: string])[] = [
  ['{"a":1,}', 'no JSON at byte 7'],
  ['[1,]', 'no JSON at byte 3'],
  ['{a:1}', 'no JSON at byte 1'],
  ["{'a':1}", 'no JSON at byte 1'],
  ['{"a" 1}', 'no JSON at byte 5'],
  ['{"a":1', 'JSON that ends too early'],
  ['{"a":"x', 'JSON that ends too early'],
  ['{"a":1}}', 'no JSON at byte 7'],
  ['{"a":1]', 'no JSON at byte 6'],
  ['{"a":1} {"b":2}', 'no JSON at byte 8'],
  ['// c\n{}', 'no JSON at byte 0'],
  ['{"a":NaN}', 'no JSON at byte 5'],
  ['{"a":01}', 'no JSON at byte 6'],
  ['{"a":"x\ny"}', 'no JSON at byte 7'],
  ['{"a":"\\x41"}', 'no JSON at byte 7'],
  ['{"a":"\\u12G4"}', 'no JSON at byte 7'],
  ['{"a":"\\u12', 'no JSON at byte 7'],
  ['{"a":undefined}', 'no JSON at byte 5'],
  ['a=1', 'no JSON at byte 0'],
  ['\u0000{}', 'no JSON at byte 0'],
  ['"\\', 'JSON that ends too early'],
]

test('a text that is no JSON is an error at its byte, and is inspected as a whole', () => {
  for (const [text, error] of mistakes) {
    const { reading, sink } = readWith(readJson, text)
    if (text.startsWith('\u0000')) assert.equal(reading.kind, 'failed')
    else assert.equal(errorOf(reading), error, text)
    assert.ok(sink.of('ARGS_POST').length > 0, text)
    if (!text.startsWith('\u0000')) assert.equal(sink.of('ARGS_POST').at(-1), `json=${text}`)
  }
})

test('what stands before a mistake is read too', () => {
  assert.deepEqual(readWith(readJson, '{"a":"x","b":').sink.of('ARGS_POST'), [
    'json.a=x',
    'json={"a":"x","b":',
  ])
})

test('depth, number of values and length of paths are bounded, and what is past them is seen', () => {
  const deep = '['.repeat(100_000)
  for (const [text, limits, error] of [
    [deep, {}, 'more than 128 levels'],
    ['{"a":'.repeat(5) + '1' + '}'.repeat(5), { depth: 4 }, 'more than 4 levels'],
    ['[1,2,3]', { arguments: 2 }, 'more than 2 arguments'],
    [`{"${'k'.repeat(3_000)}":1}`, {}, 'a path longer than 2048 bytes'],
  ] as const) {
    const { reading, sink } = readWith(readJson, text, '', limits)
    assert.equal(errorOf(reading), error)
    assert.equal(sink.of('ARGS_POST').at(-1), `json=${text}`)
  }
})

test('names that repeat a long path do not grow beyond the text and a little more', () => {
  const text = `{"${'k'.repeat(2_000)}":[${'1,'.repeat(900)}1]}`
  const { reading, sink } = readWith(readJson, text)
  assert.equal(errorOf(reading), 'names that are too long together')
  assert.ok(sink.added.reduce((sum, [, name]) => sum + name.length, 0) < text.length + 65_536 + 10)
  assert.equal(readJsonInside(bytesOfText('f'), bytesOfText(text), defaultBodyLimits), undefined)
})

test('UTF-16 is told by its bytes and read as the text it is', () => {
  const text = '{"a":"<ü>"}'
  const littleEndian = Buffer.from(text, 'utf16le')
  for (const body of [
    littleEndian,
    Buffer.concat([Buffer.from([0xff, 0xfe]), littleEndian]),
    Buffer.from(littleEndian).swap16(),
  ]) {
    const { reading, sink } = readWith(readJson, body, 'application/json; charset=utf-16')
    assert.deepEqual([reading.kind, sink.of('ARGS_POST')], ['read', ['json.a=<ü>']])
    assert.equal(readWith(readJson, body, 'application/json; charset=utf-8').reading.kind, 'failed')
  }
})

test('a charset that the bytes do not have is an error, and the bytes are read', () => {
  for (const charset of ['utf-16', 'utf-7', 'ibm037']) {
    const { reading, sink } = readWith(readJson, '{"a":"x"}', `application/json;charset=${charset}`)
    assert.deepEqual([reading.kind, sink.of('ARGS_POST')], ['failed', ['json.a=x']])
  }
})

test('what JSON.stringify writes is read: a text is refused exactly when JSON.parse refuses it', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 1 }), (text, at, insert) => {
      const cut = at % (text.length + 1)
      for (const candidate of [text, text.slice(0, cut) + insert + text.slice(cut)]) {
        if (candidate.trim() === '' || candidate.includes('\u0000')) continue
        const { reading } = readWith(readJson, candidate, '', {
          depth: 1_000,
          nameBytes: 1e6,
          arguments: 1e6,
        })
        assert.equal(reading.kind === 'read', parses(candidate), candidate)
      }
    }),
    { numRuns: 300 },
  )
})

test('strings come out as JSON.parse reads them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const escaped = JSON.stringify(value).replaceAll(/[a-z]/g, (letter, at: number, all: string) =>
        all[at - 1] === '\\' || /\\u[0-9a-f]{0,3}$/.test(all.slice(0, at)) ? letter : unicodeEscape(letter),
      )
      const { sink } = readWith(readJson, escaped)
      assert.deepEqual(sink.of('ARGS_POST'), [`json=${value.toWellFormed()}`])
    }),
    { numRuns: 100 },
  )
})

test('no bytes stop the reader', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      readWith(readJson, bytes)
    }),
  )
})

test('names are written one way: an index, for which ModSecurity writes array_', () => {
  for (const [name, canonical] of [
    ['json.a.array_0.b', 'json.a.0.b'],
    ['json.array_0.array_12', 'json.0.12'],
    ['json.a.0.b', 'json.a.0.b'],
    ['json.array_0x', 'json.array_0x'],
    ['array_0.json', 'array_0.json'],
    ['filter', 'filter'],
  ] as const) {
    assert.equal(canonicalJsonName(name), canonical)
  }
})

test('JSON inside an argument is read whole or not at all', () => {
  for (const [value, ...expected] of [
    ['{"a":["x"]}', 'f.a.0=x', 'f.a=1'],
    [' [1,{"b":2}] ', 'f.0=1', 'f.1.b=2'],
    ['{}', 'f={}'],
    ['{"a":1,}', 'f={"a":1,}'],
    ['{"a":1', 'f={"a":1'],
    ['1', 'f=1'],
    ['', 'f='],
    ['{{7*7}}', 'f={{7*7}}'],
    [`["${'x'.repeat(100)}"]`, `f=["${'x'.repeat(100)}"]`],
  ] as const) {
    const body = `f=${encodeURIComponent(value)}`
    const { sink } = readWith(readUrlEncoded, body, '', { jsonInArgumentBytes: 100 })
    assert.deepEqual(sink.of('ARGS_POST'), expected, value)
    assert.deepEqual(readWith(readUrlEncoded, body).sink.of('ARGS_POST'), [`f=${value}`])
  }
})

test('JSON that is a text in other JSON is opened three times over, and then left as a text', () => {
  const inner = Array.from({ length: 5 }).reduce<string>((text) => JSON.stringify({ b: text }), '{"c":1}')
  const { sink } = readWith(readJson, JSON.stringify({ a: inner }), '', { jsonInArgumentBytes: 1_000 })
  assert.deepEqual(sink.of('ARGS_POST'), [String.raw`json.a.b.b.b={"b":"{\"b\":\"{\\\"c\\\":1}\"}"}`])
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function unicodeEscape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}
