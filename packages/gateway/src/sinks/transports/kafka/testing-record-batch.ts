import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { ProtocolViolation, WireReader } from './testing-wire.ts'

export interface TestRecord {
  readonly key: string | undefined
  readonly value: string
}

/** A record batch of magic 2 that has been read to its last bit. */
export interface TestBatch {
  readonly size: number
  readonly compression: 'none' | 'gzip' | 'zstd'
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
  readonly records: readonly TestRecord[]
}

/**
 * Reads the one record batch of a partition's data as brokers do (Kafka's `DefaultRecordBatch`): every length, the CRC-32C,
 * the attributes, offsets that count up.
 *
 * @throws ProtocolViolation for whatever is not as it must be
 */
export function readRecordBatch(bytes: Buffer): TestBatch {
  const reader = new WireReader(bytes)
  demand(reader.int64() === 0n, 'a base offset is 0')
  demand(reader.int32() === reader.rest, 'the length of a batch is that of what follows')
  reader.int32()
  demand(reader.int8() === 2, 'the magic is 2')
  const crc = reader.uint32()
  demand(crc === crc32c(bytes.subarray(bytes.length - reader.rest)), 'the checksum is the CRC-32C')
  const attributes = reader.int16()
  demand((attributes & ~0b111) === 0, 'only the compression is said in the attributes')
  const lastOffset = reader.int32()
  const first = reader.int64()
  const last = reader.int64()
  demand(first > 1_600_000_000_000n && last >= first, 'the timestamps are of today, the last after the first')
  const producerId = reader.int64()
  const epoch = reader.int16()
  const sequence = reader.int32()
  const count = reader.int32()
  demand(count > 0 && lastOffset === count - 1, 'the last offset is that of the last record')
  const { compression, records } = decompress(attributes & 0b111, reader.take(reader.rest))
  return {
    size: bytes.length,
    compression,
    producerId,
    epoch,
    sequence,
    records: readRecords(records, count),
  }
}

function readRecords(bytes: Buffer, count: number): readonly TestRecord[] {
  const reader = new WireReader(bytes)
  const records = Array.from({ length: count }, (_, index) => readRecord(reader, index))
  reader.end()
  return records
}

function readRecord(outer: WireReader, index: number): TestRecord {
  const reader = new WireReader(outer.take(outer.varint()))
  demand(reader.int8() === 0, 'a record has no attributes')
  demand(reader.varlong() >= 0n, 'a record is no older than its batch')
  demand(reader.varint() === index, 'offsets count up')
  const keyLength = reader.varint()
  const key = keyLength === -1 ? undefined : reader.take(keyLength).toString()
  const value = reader.take(reader.varint()).toString()
  demand(reader.varint() === 0, 'there are no headers')
  reader.end()
  return { key, value }
}

function decompress(kind: number, bytes: Buffer): { compression: TestBatch['compression']; records: Buffer } {
  if (kind === 0) return { compression: 'none', records: bytes }
  if (kind === 1) return { compression: 'gzip', records: gunzipSync(bytes) }
  demand(kind === 4, 'the compression is one that was offered')
  return { compression: 'zstd', records: zstdDecompressSync(bytes) }
}

function demand(holds: boolean, rule: string): void {
  if (!holds) throw new ProtocolViolation(`it must be that ${rule}`)
}

/** Castagnoli's, reflected: the polynomial 0x1EDC6F41 (RFC 3720 appendix B.4). */
export function crc32c(bytes: Buffer): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0)
  }
  return ~crc >>> 0
}
