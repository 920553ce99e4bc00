import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'
import { crc32c } from './crc-32c.ts'

/** What becomes a record of Kafka. */
export interface KafkaMessage {
  readonly key: Buffer | undefined
  readonly value: Buffer
}

export type Compression = 'none' | 'gzip' | 'zstd'

/** Who wrote a batch, and its place among all that they wrote to the partition; -1 everywhere: nobody counts. */
export interface Numbering {
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
}

const compressions = {
  none: { bits: 0, compress: async (bytes: Buffer): Promise<Buffer> => bytes },
  gzip: { bits: 1, compress: promisify(gzip) },
  zstd: { bits: 4, compress: promisify<Buffer, Buffer>(zstdCompress) },
} as const

/** Bytes before the records: offset, length, epoch of the leader, magic, CRC, and what the CRC is over. */
const headSize = 61
const crcAt = 17

/**
 * Writes messages as one record batch of magic 2 (Kafka's documentation, "Record Batch").
 *
 * @param time milliseconds since the Unix epoch, of the batch and of every record
 */
export async function encodeRecordBatch(
  messages: readonly KafkaMessage[],
  compression: Compression,
  time: number,
  { producerId, epoch, sequence }: Numbering,
): Promise<Buffer> {
  const { bits, compress } = compressions[compression]
  const records = await compress(encodeRecords(messages))
  const head = Buffer.alloc(headSize)
  head.writeInt32BE(headSize - 12 + records.length, 8)
  // The leader's epoch is the broker's to write.
  head.writeInt32BE(-1, 12)
  head.writeInt8(2, 16)
  head.writeInt16BE(bits, 21)
  head.writeInt32BE(messages.length - 1, 23)
  head.writeBigInt64BE(BigInt(time), 27)
  head.writeBigInt64BE(BigInt(time), 35)
  head.writeBigInt64BE(producerId, 43)
  head.writeInt16BE(epoch, 51)
  head.writeInt32BE(sequence, 53)
  head.writeInt32BE(messages.length, 57)
  const batch = Buffer.concat([head, records])
  batch.writeUInt32BE(crc32c(batch.subarray(crcAt + 4)), crcAt)
  return batch
}

function encodeRecords(messages: readonly KafkaMessage[]): Buffer {
  const bodies = messages.map((message, offset) => bodySize(message, offset))
  const size = bodies.reduce((sum, body) => sum + varintSize(body) + body, 0)
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (const [offset, message] of messages.entries()) {
    at = writeVarint(bytes, at, bodies[offset] ?? 0)
    // No attributes, and the time of the batch.
    bytes[at++] = 0
    bytes[at++] = 0
    at = writeVarint(bytes, at, offset)
    at = writeSized(bytes, at, message.key)
    at = writeSized(bytes, at, message.value)
    // No headers.
    bytes[at++] = 0
  }
  return bytes
}

function bodySize({ key, value }: KafkaMessage, offset: number): number {
  const keySize = key === undefined ? 1 : varintSize(key.length) + key.length
  return 3 + varintSize(offset) + keySize + varintSize(value.length) + value.length
}

function writeSized(bytes: Buffer, at: number, part: Buffer | undefined): number {
  if (part === undefined) return writeVarint(bytes, at, -1)
  const start = writeVarint(bytes, at, part.length)
  part.copy(bytes, start)
  return start + part.length
}

/** A varint in zigzag, as protobuf has it; what is written here is from -1 to some millions. */
function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = zigzag(value)
  let end = at
  for (; rest > 0x7f; rest >>>= 7) bytes[end++] = (rest & 0x7f) | 0x80
  bytes[end++] = rest
  return end
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = zigzag(value); rest > 0x7f; rest >>>= 7) size++
  return size
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0
}
