import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { HeaderList } from '../exchange/header-list.ts'
import { ambiguous } from './named-version.ts'
import { compileVersionReader } from './version-reader.ts'

const read = compileVersionReader([
  { kind: 'header', name: 'X-Version' },
  { kind: 'media-type', name: 'v' },
  { kind: 'query', name: 'version' },
])

const value = fc.stringMatching(/^[A-Za-z0-9.-]{1,8}$/)

test('a version that is written once is read, wherever it stands', () => {
  fc.assert(
    fc.property(value, fc.constantFrom('header', 'accept', 'content-type', 'query'), (version, place) => {
      const headers = new HeaderList()
      if (place === 'header') headers.append('x-version', version)
      else if (place !== 'query') headers.append(place, `application/json; v="${version}"`)
      const query = place === 'query' ? `a=1&versio%6E=${encodeURIComponent(version)}&b` : ''
      assert.equal(read({ headers, query }), version)
    }),
  )
})

test('two versions are ambiguous, wherever they stand, and one that is written in two places is not', () => {
  const write = (headers: HeaderList, place: string, version: string): string => {
    if (place === 'query') return `version=${version}`
    headers.append(place, place === 'x-version' ? version : `a/b;v=${version}`)
    return ''
  }
  const place = fc.constantFrom('x-version', 'accept', 'content-type', 'query')
  fc.assert(
    fc.property(
      value,
      value,
      fc.uniqueArray(place, { minLength: 2, maxLength: 2 }),
      (one, two, [first = '', second = '']) => {
        const headers = new HeaderList()
        const query = write(headers, first, one) + write(headers, second, two)
        assert.equal(read({ headers, query }), one === two ? one : ambiguous)
      },
    ),
  )
})

test('no text makes the reader throw, and what it reads stands in the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, query) => {
      const named = read({ headers: new HeaderList(['accept', text, 'x-other', text]), query })
      if (typeof named !== 'string') return
      assert.ok(text.includes('v') || query.toLowerCase().includes('version') || query.includes('%'))
    }),
  )
})
