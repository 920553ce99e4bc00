import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ownedPart, parseOwnerPointer } from './owner-pointer.ts'

const isAda = (owner: unknown) => owner === 'ada'

test('a pointer is unescaped as RFC 6901 says', () => {
  assert.deepEqual(parseOwnerPointer('/a~1b/m~0n/~01/*'), ['a/b', 'm~n', '~1', '*'])
})

test('what is left has no element of another owner, and all of the caller’s, in their order', () => {
  const item = fc.record(
    { owner: fc.constantFrom('ada', 'eve', '', null), id: fc.nat() },
    { requiredKeys: ['id'] },
  )
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const part = ownedPart({ items }, ['items', '*', 'owner'], isAda)
      const own = items.filter(({ owner }) => owner === 'ada')
      if (own.length === items.length) assert.deepEqual(part, { kind: 'all' })
      else assert.deepEqual(part, { kind: 'part', value: { items: own }, removed: items.length - own.length })
    }),
  )
})

test('the value itself is never changed', () => {
  const value = Object.freeze([Object.freeze({ o: 'eve' }), Object.freeze({ o: 'ada' })])
  assert.deepEqual(ownedPart(value, ['*', 'o'], isAda), { kind: 'part', value: [{ o: 'ada' }], removed: 1 })
})

test('what is not there, or not an own member, names no owner', () => {
  for (const [value, pointer] of [
    [{}, ['constructor', 'name']],
    [{}, ['__proto__']],
    ['ada', ['0']],
    [null, ['a']],
    [{ a: ['ada'] }, ['a']],
    [{ a: 'ada' }, ['a', '*']],
    [undefined, ['*']],
  ] as const) {
    assert.deepEqual(ownedPart(value, pointer, isAda), { kind: 'none' })
  }
})

test('one place in an array can be named', () => {
  assert.deepEqual(ownedPart({ a: ['ada', 'eve'] }, ['a', '0'], isAda), { kind: 'all' })
  assert.deepEqual(ownedPart({ a: ['ada', 'eve'] }, ['a', '1'], isAda), { kind: 'none' })
  assert.deepEqual(ownedPart([[{ o: 'eve' }], 7], ['0', '*', 'o'], isAda), {
    kind: 'part',
    value: [[], 7],
    removed: 1,
  })
})
