import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeaderList } from '../exchange/header-list.ts'
import { removeHopByHop } from './answer-headers.ts'

test('what spoke of the connection to the service is gone', () => {
  const kept = [
    ['set-cookie', 'a=1'],
    ['content-type', 'text/plain'],
    ['strict-transport-security', 'max-age=1'],
  ]
  const gone = [
    ['connection', 'keep-alive, X-Hop, set-cookie, content-type, strict-transport-security'],
    ['keep-alive', 'timeout=5'],
    ['transfer-encoding', 'chunked'],
    ['trailer', 'x-sum'],
    ['upgrade', 'h2c'],
    ['proxy-authenticate', 'Basic'],
    ['alt-svc', 'h3=":443"'],
    ['x-hop', '1'],
    ['te', 'trailers'],
  ]
  const headers = new HeaderList([...gone, ...kept].flat())
  removeHopByHop(headers)
  assert.deepEqual(headers.flat, kept.flat())
})

test('an answer without a Connection field loses nothing else', () => {
  const headers = new HeaderList(['etag', '"x"', 'content-length', '3'])
  removeHopByHop(headers)
  assert.equal(headers.size, 2)
})
