import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  array,
  assert as assertProperty,
  asyncProperty,
  bigInt,
  constantFrom,
  integer,
  option,
  record,
  string,
  uint8Array,
} from 'fast-check'
import { crc32c } from './crc-32c.ts'
import { KafkaError } from './kafka-error.ts'
import { murmur2 } from './murmur2.ts'
import { encodeRecordBatch } from './record-batch.ts'
import { askMetadata, askProducerId, askVersions, authenticate, produce, shakeHands } from './requests.ts'
import { crc32c as slowCrc32c, readRecordBatch } from './testing-record-batch.ts'
import { KafkaReader } from './wire.ts'

describe('a record batch', () => {
  it('is read by a strict reader as it was written, whatever is in it', async () => {
    const message = record({
      key: option(string({ unit: 'binary' }), { nil: undefined }),
      value: string({ unit: 'binary', maxLength: 300 }),
    })
    await assertProperty(
      asyncProperty(
        array(message, { minLength: 1, maxLength: 200 }),
        constantFrom('none', 'gzip', 'zstd'),
        bigInt({ min: -1n, max: 2n ** 62n }),
        integer({ min: 0, max: 2 ** 31 - 1 }),
        async (messages, compression, producerId, sequence) => {
          const bytes = messages.map(({ key, value }) => ({
            key: key === undefined ? undefined : Buffer.from(key),
            value: Buffer.from(value),
          }))
          const numbering = { producerId, epoch: 3, sequence }
          const batch = readRecordBatch(await encodeRecordBatch(bytes, compression, Date.now(), numbering))
          assert.deepEqual(
            batch.records,
            bytes.map(({ key, value }) => ({ key: key?.toString(), value: value.toString() })),
          )
          assert.deepEqual(
            [batch.compression, batch.producerId, batch.epoch, batch.sequence],
            [compression, producerId, 3, sequence],
          )
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has the CRC-32C of RFC 3720', async () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe306_9283)
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a91_36aa)
    assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8_ab43)
    await assertProperty(
      asyncProperty(uint8Array({ maxLength: 300 }), async (bytes) =>
        assert.equal(crc32c(bytes), slowCrc32c(Buffer.from(bytes))),
      ),
    )
  })
})

describe('a key', () => {
  it("has the hash that Kafka's own clients give it", () => {
    for (const [key, hash] of [
      ['21', -973_932_308],
      ['foobar', -790_332_482],
      ['a-little-bit-long-string', -985_981_536],
      ['a-little-bit-longer-string', -1_486_304_829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
      ['abc', 479_470_107],
    ] as const)
      assert.equal(murmur2(Buffer.from(key)), hash & 0x7fff_ffff, key)
  })
})

describe('an answer', () => {
  it('of any bytes is read, or is an error of its own, and never more than that', async () => {
    const requests = [
      askVersions(),
      askMetadata('events', 2),
      askMetadata('events', 5),
      askProducerId(),
      shakeHands('PLAIN'),
      authenticate(Buffer.alloc(0)),
      produce('events', 1, new Map()),
    ]
    await assertProperty(
      asyncProperty(constantFrom(...requests), uint8Array({ maxLength: 80 }), async ({ read }, bytes) => {
        try {
          read(new KafkaReader(Buffer.from(bytes)))
        } catch (thrown) {
          assert.ok(thrown instanceof KafkaError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
