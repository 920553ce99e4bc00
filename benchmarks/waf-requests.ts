import { randomBytes } from 'node:crypto'
import type { WafRequestHead } from '@gateward/waf'
import type { Shot } from './load.ts'

const headers = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  accept: 'application/json, text/plain, */*',
  'accept-language': 'en-US,en;q=0.9',
  'accept-encoding': 'gzip, deflate, br',
}

/** A plain request of an API: four arguments and three cookies, some of them different each time. */
export function getShot(): Shot {
  const path = `/v1/products?category=books&page=4&sort=price_asc&q=red+shoes+${token(4)}`
  const cookie = `session=${token(16)}; theme=dark; lang=en-GB`
  return { method: 'GET', path, headers: { ...headers, cookie }, body: undefined }
}

/** An order of some 430 bytes. */
export function postShot(): Shot {
  return jsonShot({
    customer: {
      id: token(8),
      name: 'Ada Lovelace',
      email: 'ada.lovelace@example.com',
      phone: '+44 20 7946 0958',
    },
    items: [
      { sku: `BK-${token(2)}`, quantity: 2, price: 19.95 },
      { sku: 'SH-2231', quantity: 1, price: 89.5 },
    ],
    shipping: { street: '12 St James Square', city: 'London', postcode: 'SW1Y 4LE', country: 'GB' },
    note: 'Please leave the parcel with the neighbours if nobody is at home, thanks!',
    coupon: 'SPRING-2026',
  })
}

/** A list of some 10 KB, its values seven to an element. */
export function listShot(): Shot {
  return jsonShot({
    rows: Array.from({ length: 78 }, (_, index) => ({
      id: 4_000 + index,
      sku: `BK-${index}-${token(2)}`,
      title: `The ${token(3)} of the sea, volume ${index}`,
      price: index + 0.95,
      tags: ['paper', 'used'],
      available: index % 2 === 0,
    })),
  })
}

/** A shot as an engine is given it, with the fields that load generators add by themselves. */
export function asHead(shot: Shot): WafRequestHead {
  const length: (readonly [string, string])[] =
    shot.body === undefined ? [] : [['content-length', String(shot.body.length)]]
  return {
    method: shot.method,
    target: shot.path,
    protocol: 'HTTP/1.1',
    headers: [['host', 'shop.example.com'], ...Object.entries(shot.headers), ...length],
    clientAddress: '192.0.2.1',
    id: 'bench',
  }
}

function jsonShot(value: unknown): Shot {
  const body = JSON.stringify(value)
  return {
    method: 'POST',
    path: '/v1/orders',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  }
}

function token(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
