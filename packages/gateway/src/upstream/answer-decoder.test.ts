import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { HeaderList } from '../exchange/header-list.ts'
import { AnswerDecoder, takeOffCodings } from './answer-decoder.ts'

/** Decodes an answer that comes in pieces of so many bytes; rejects with the fault. */
async function decode(headers: HeaderList, bytes: Buffer, piece = bytes.length): Promise<Buffer> {
  const codings = takeOffCodings(headers)
  if (codings === undefined) throw new Error('unknown')
  if (codings.length === 0) return bytes
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  const decoder = new AnswerDecoder(codings, {
    data: (chunk) => {
      chunks.push(chunk)
      // Whoever has no room says so, and goes on later.
      setImmediate(() => decoder.resume())
      return false
    },
    end: () => resolve(Buffer.concat(chunks)),
    fault: reject,
    drained: () => undefined,
  })
  for (let at = 0; at < bytes.length; at += piece) decoder.write(bytes.subarray(at, at + piece))
  decoder.end()
  return promise
}

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
    assert.deepEqual(await decode(headers, bytes), text)
    assert.deepEqual(headers.flat, ['etag', '"x"'])
    for (const piece of [1, 7])
      assert.deepEqual(await decode(new HeaderList(['content-encoding', coding]), bytes, piece), text)
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
]

for (const [what, coding, bytes] of refused) {
  test(`${what} is refused`, async () => {
    const headers = new HeaderList(['content-encoding', coding])
    await assert.rejects(decode(headers, bytes))
  })
}

test('an answer that unfolds more steeply than texts do is refused', async () => {
  const headers = new HeaderList(['content-encoding', 'br'])
  await assert.rejects(decode(headers, steep), { code: 'RESPONSE_UNDECODABLE' })
})
