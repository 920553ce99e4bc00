import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeaderList } from '../exchange/header-list.ts'
import { openUpstream } from '../upstream/testing.ts'
import { turnLocationsOutward } from './outward-location.ts'

interface Case {
  readonly says: string
  readonly shown: string
  readonly strip?: string
  readonly prefix?: string
}

const cases: readonly Case[] = [
  { says: 'http://10.0.4.7:3000/orders/7?a=b#c', shown: '/orders/7?a=b#c' },
  { says: 'HTTP://10.0.4.7:3000/orders', shown: '/orders' },
  { says: 'http://10.0.4.7:3000', shown: '/' },
  { says: 'http://user@10.0.4.7:3000/orders', shown: '/orders' },
  { says: '//10.0.4.7:3000/orders', shown: '/orders' },
  { says: 'https://orders.internal/a', shown: '/a' },
  { says: 'https://orders.internal:443/a', shown: '/a' },
  { says: 'https://elsewhere.example/a', shown: 'https://elsewhere.example/a' },
  { says: '//elsewhere.example/a', shown: '//elsewhere.example/a' },
  { says: 'http://10.0.4.7:3001/a', shown: 'http://10.0.4.7:3001/a' },
  { says: '/orders/7', shown: '/orders/7' },
  { says: '../7', shown: '../7' },
  { says: 'http://[', shown: 'http://[' },
  { says: '/orders/7', shown: '/v1/orders/7', strip: '/v1' },
  { says: 'http://10.0.4.7:3000/orders/7', shown: '/v1/orders/7', strip: '/v1' },
  { says: '/inner/orders', shown: '/orders', prefix: '/inner' },
  { says: '/inner/orders', shown: '/v1/orders', prefix: '/inner', strip: '/v1' },
  { says: '/inner', shown: '/v1/', prefix: '/inner', strip: '/v1' },
  { says: '/inner?a', shown: '/v1/?a', prefix: '/inner', strip: '/v1' },
  { says: '/innermost', shown: '/innermost', prefix: '/inner', strip: '/v1' },
]

for (const { says, shown, strip = '', prefix = '' } of cases) {
  const way = strip + prefix === '' ? '' : ` with "${strip}" taken off and "${prefix}" put before`
  test(`a service that says ${says}${way} is shown as ${shown}`, async () => {
    const targets = [{ url: 'http://10.0.4.7:3000' }, { url: 'https://orders.internal' }]
    await using upstream = openUpstream({ targets })
    for (const name of ['location', 'content-location']) {
      const headers = new HeaderList(['etag', '"a"', name, says])
      turnLocationsOutward(headers, { kind: 'upstream', upstream, strip, prefix })
      assert.equal(headers.get(name), shown)
    }
  })
}
