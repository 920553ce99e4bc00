import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ByteString } from '../language/bytes.ts'
import { findTransformation, transformationNames } from './find-transformation.ts'

const pieces = [
  String.raw`% %u %u0 + & &# &#x &#0 &#x0 &quo &nbsp \ \u \u{ \u{0 \x \0 0x 0x4 0x41 = QQ "^`,
  String.raw`/* /*/ */ <!-- - -- -> # ../ ./ / .. \..\ a/../ a/b/../../../ a[ [ [] ] .`,
]
  .flatMap((line) => line.split(' '))
  .concat(' ', '\t\n', ', (', '\0', '\xc3', '\xe2\x82', '\xf0\x9d\x90\xac')

// What a transformation looks at, counted: the bytes it reads one by one, and those that a search or a copy covers.
const counted: Readonly<Record<string, (text: string, result: unknown, from: unknown) => number>> = {
  charCodeAt: () => 1,
  startsWith: () => 1,
  includes: (text) => text.length,
  slice: (_, part) => String(part).length + 1,
  indexOf: (text, found, from) => (Number(found) < 0 ? text.length : Number(found)) - Number(from ?? 0) + 1,
}
const originals = new Map(Object.keys(counted).map((name) => [name, Reflect.get(String.prototype, name)]))
let operations = 0

before(() => {
  for (const [name, cost] of Object.entries(counted)) {
    const original = originals.get(name) as (...values: unknown[]) => unknown
    Reflect.set(String.prototype, name, function count(this: string, ...values: unknown[]): unknown {
      const result = Reflect.apply(original, this, values)
      operations += cost(this, result, values[1])
      return result
    })
  }
})

after(() => {
  for (const [name, original] of originals) Reflect.set(String.prototype, name, original)
})

test('twice the input is at most twice the work, whatever is repeated', () => {
  for (const name of transformationNames) {
    for (const piece of pieces) {
      for (const [head, tail] of [
        ['', ''],
        ['/', 'x'],
        ['\\u{', ''],
      ] as const) {
        const once = countOperations(name, head + piece.repeat(500) + tail)
        const twice = countOperations(name, head + piece.repeat(1000) + tail)
        assert.ok(twice <= once * 2 + 20, `${name} of ${JSON.stringify(piece)}: ${once}, then ${twice}`)
      }
    }
  }
})

function countOperations(name: string, input: string): number {
  const transformation = findTransformation(name)
  assert.ok(transformation)
  operations = 0
  transformation(input as ByteString)
  return operations
}
