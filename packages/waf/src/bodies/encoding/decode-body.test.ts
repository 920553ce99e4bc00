import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { defaultBodyLimits } from '../body-limits.ts'
import { decodeBody } from './decode-body.ts'

const text = Buffer.from('{"q":"<script>"}')

const codings: readonly (readonly [encoding: string, body: Buffer])[] = [
  ['', text],
  ['identity', text],
  ['gzip', gzipSync(text)],
  ['X-GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  [' , gzip ,identity', gzipSync(text)],
]

test('each coding is undone, the last applied first', () => {
  for (const [encoding, body] of codings) {
    assert.deepEqual(decodeBody(body, encoding, defaultBodyLimits), { kind: 'decoded', body: text }, encoding)
  }
})

test('an empty body has nothing to undo', () => {
  assert.deepEqual(decodeBody(Buffer.alloc(0), 'gzip', defaultBodyLimits), {
    kind: 'decoded',
    body: Buffer.alloc(0),
  })
})

test('a body that unfolds too far is refused, whichever limit it meets, once or in two steps', () => {
  const zeros = Buffer.alloc(2_000_000)
  for (const [encoding, body] of [
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', brotliCompressSync(zeros)],
    ['zstd', zstdCompressSync(zeros)],
    ['gzip, gzip', gzipSync(gzipSync(zeros))],
  ] as const) {
    for (const limits of [{ decodedRatio: 10 }, { decodedBytes: 1_000 }]) {
      assert.deepEqual(decodeBody(body, encoding, { ...defaultBodyLimits, ...limits }), {
        kind: 'failed',
        error: 'a compressed body that unfolds too far',
      })
    }
  }
})

test('what is not surely decoded is refused', () => {
  const packed = gzipSync(text)
  for (const [encoding, body, error] of [
    ['compress', text, 'an unknown content coding'],
    ['gzip;q=1', packed, 'an unknown content coding'],
    ['gzip, gzip, gzip', packed, 'more than 2 content codings'],
    ['gzip', text, 'a broken compressed body'],
    ['gzip', packed.subarray(0, -4), 'a broken compressed body'],
    ['br', packed, 'a broken compressed body'],
    ['zstd', packed, 'a broken compressed body'],
    ['deflate', packed, 'a broken compressed body'],
    ['gzip', Buffer.concat([packed, Buffer.from('q=1')]), 'a broken compressed body'],
    ['br', Buffer.concat([brotliCompressSync(text), Buffer.from('q=1')]), 'bytes behind the compressed body'],
    ['zstd', Buffer.concat([zstdCompressSync(text), Buffer.from('q=1')]), 'bytes behind the compressed body'],
    ['deflate', Buffer.concat([deflateSync(text), Buffer.from('q=1')]), 'bytes behind the compressed body'],
    [
      'deflate',
      Buffer.concat([deflateRawSync(text), Buffer.from('q=1')]),
      'bytes behind the compressed body',
    ],
  ] as const) {
    assert.deepEqual(decodeBody(body, encoding, defaultBodyLimits), { kind: 'failed', error }, encoding)
  }
})

test('several members of gzip are one body', () => {
  const decoding = decodeBody(Buffer.concat([gzipSync('a='), gzipSync('b')]), 'gzip', defaultBodyLimits)
  assert.deepEqual(decoding, { kind: 'decoded', body: Buffer.from('a=b') })
})

test('no bytes stop the decoder', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'gzip,br'),
      (bytes, encoding) => {
        decodeBody(Buffer.from(bytes), encoding, defaultBodyLimits)
      },
    ),
    { numRuns: 200 },
  )
})
