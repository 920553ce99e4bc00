import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nowhere } from './geography.ts'
import { openGeography } from './open-geography.ts'

test('the country of an address is known without any other file, and private addresses have none', () => {
  const geography = openGeography({ country: 'builtin' })
  assert.equal(geography.locate('8.8.8.8').country, 'US')
  assert.equal(geography.locate('2001:4860:4860::8888').country, 'US')
  assert.equal(geography.locate('193.0.6.139').country, 'NL')
  for (const address of ['127.0.0.1', '10.1.2.3', '::1', 'fe80::1', ''])
    assert.equal(geography.locate(address).country, undefined, address)
})

test('without a database every address is nowhere', () => {
  assert.equal(openGeography({ country: 'none' }).locate('8.8.8.8'), nowhere)
})

test('a file that is no MMDB is told by its name', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gateward-geo-')), 'cities.mmdb')
  writeFileSync(file, 'not a database')
  assert.throws(() => openGeography({ country: file }), {
    code: 'GEOGRAPHY_UNAVAILABLE',
    message: /cities\.mmdb/,
  })
  assert.throws(() => openGeography({ country: 'none', asn: `${file}.absent` }), {
    code: 'GEOGRAPHY_UNAVAILABLE',
  })
})
