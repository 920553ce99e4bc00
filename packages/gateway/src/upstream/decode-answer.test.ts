import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { Fault } from '@gateward/kernel'
import { HeaderList } from '../exchange/header-list.ts'
import { decodeAnswer } from './decode-answer.ts'

const text = Buffer.from('{"orders":[]}'.repeat(50))

const codings: readonly (readonly [string, Buffer])[] = [
  ['gzip', gzipSync(text)],
  ['X-GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  ['identity', text],
]

for (const [coding, bytes] of codings) {
  test(`${coding} is taken off, with the fields that spoke of it`, async () => {
    const headers = new HeaderList(['content-encoding', coding, 'content-length', '1', 'etag', '"x"'])
    assert.deepEqual(await decodeAnswer(headers, bytes, 10_000), text)
    assert.deepEqual(headers.flat, ['etag', '"x"'])
  })
}

const bomb = gzipSync(Buffer.alloc(50_000_000))
const steep = brotliCompressSync(Buffer.alloc(5_000_000))

const refused: readonly (readonly [string, string, Buffer])[] = [
  ['a bomb', 'gzip', bomb],
  ['a bomb within a bomb', 'gzip, gzip', gzipSync(bomb)],
  ['a coding nobody knows', 'snappy', text],
  ['bytes that are not in their coding', 'gzip', text],
  ['bytes that are cut', 'gzip', gzipSync(text).subarray(0, 30)],
  ['zstd that is cut', 'zstd', zstdCompressSync(text).subarray(0, 12)],
  ['brotli that is cut', 'br', brotliCompressSync(text).subarray(0, 12)],
  ['more codings than anybody needs', 'gzip, gzip, gzip', text],
  ['an uncoded answer that is too large', 'identity', Buffer.alloc(10_001)],
]

for (const [what, coding, bytes] of refused) {
  test(`${what} is refused`, async () => {
    const headers = new HeaderList(['content-encoding', coding])
    await assert.rejects(decodeAnswer(headers, bytes, 10_000), Fault)
  })
}

test('an answer that unfolds more steeply than texts do is refused, however much room there is', async () => {
  const headers = new HeaderList(['content-encoding', 'br'])
  await assert.rejects(decodeAnswer(headers, steep, 10_000_000), Fault)
})
