import type { KafkaAddress } from './settings.ts'
import { KafkaWriter, type KafkaReader } from './wire.ts'

/**
 * A request in the version of its API that is spoken here. Each is one that every broker from Kafka 2.1 (2018) on knows,
 * those of Kafka 4 included: KIP-896 made 2.1 the oldest that they speak with.
 */
export interface KafkaRequest<Answer> {
  readonly api: keyof typeof apis
  readonly version: number
  readonly body: Buffer
  readonly read: (answer: KafkaReader) => Answer
}

/** Each API's number. */
export const apis = {
  Produce: 0,
  Metadata: 3,
  SaslHandshake: 17,
  ApiVersions: 18,
  InitProducerId: 22,
  SaslAuthenticate: 36,
} as const

/** The version of each that is spoken; of metadata the second one where a broker has not the first. */
export const versions = { Produce: 7, Metadata: [5, 2], InitProducerId: 1 } as const

/** From and to which version a broker speaks each API, by its number. */
export function askVersions(): KafkaRequest<ReadonlyMap<number, readonly [from: number, to: number]>> {
  return {
    api: 'ApiVersions',
    version: 0,
    body: Buffer.alloc(0),
    read: (answer) => {
      answer.int16()
      return new Map(answer.array(() => [answer.int16(), [answer.int16(), answer.int16()] as const]))
    },
  }
}

/** @returns the error's number, and the mechanisms that the broker offers */
export function shakeHands(mechanism: string): KafkaRequest<{ error: number; offered: readonly string[] }> {
  return {
    api: 'SaslHandshake',
    version: 1,
    body: new KafkaWriter().string(mechanism).finish(),
    read: (answer) => ({ error: answer.int16(), offered: answer.array(() => answer.string() ?? '') }),
  }
}

/** One message of a login. */
export function authenticate(
  message: Buffer,
): KafkaRequest<{ error: number; told: string | undefined; bytes: Buffer }> {
  return {
    api: 'SaslAuthenticate',
    version: 0,
    body: new KafkaWriter().bytes(message).finish(),
    read: (answer) => ({ error: answer.int16(), told: answer.string(), bytes: answer.bytes() }),
  }
}

/** Where the brokers of a cluster are, and who leads each partition of a topic: -1 where nobody does. */
export interface TopicMetadata {
  readonly brokers: ReadonlyMap<number, KafkaAddress>
  readonly error: number
  readonly leaders: readonly number[]
}

export function askMetadata(topic: string, version: number): KafkaRequest<TopicMetadata> {
  const writer = new KafkaWriter()
  writer.array([topic], (name) => writer.string(name))
  // Topics are made by those who own the cluster; older versions cannot say so.
  if (version >= 4) writer.boolean(false)
  return {
    api: 'Metadata',
    version,
    body: writer.finish(),
    read: (answer) => readMetadata(answer, version),
  }
}

function readMetadata(answer: KafkaReader, version: number): TopicMetadata {
  if (version >= 3) answer.int32()
  const brokers = answer.array(() => {
    const [node, host, port] = [answer.int32(), answer.string() ?? '', answer.int32()] as const
    answer.string()
    return [node, { host, port }] as const
  })
  answer.string()
  answer.int32()
  const [topic] = answer.array(() => {
    const error = answer.int16()
    answer.string()
    answer.int8()
    return { error, partitions: answer.array(() => readPartition(answer, version)) }
  })
  const leaders: number[] = Array.from({ length: topic?.partitions.length ?? 0 }, () => -1)
  for (const { partition, leader } of topic?.partitions ?? [])
    if (partition in leaders) leaders[partition] = leader
  return { brokers: new Map(brokers), error: topic?.error ?? 3, leaders }
}

function readPartition(
  answer: KafkaReader,
  version: number,
): { readonly partition: number; readonly leader: number } {
  const error = answer.int16()
  const [partition, leader] = [answer.int32(), answer.int32()]
  // Who has copies of it, and which of them are in sync or offline.
  for (let lists = version >= 5 ? 3 : 2; lists > 0; lists--) answer.array(() => answer.int32())
  return { partition, leader: error === 0 || error === 9 ? leader : -1 }
}

/** A number for a producer whose batches are counted. */
export function askProducerId(): KafkaRequest<{ error: number; producerId: bigint; epoch: number }> {
  return {
    api: 'InitProducerId',
    version: versions.InitProducerId,
    body: new KafkaWriter().string(undefined).int32(60_000).finish(),
    read: (answer) => {
      answer.int32()
      return { error: answer.int16(), producerId: answer.int64(), epoch: answer.int16() }
    },
  }
}

/**
 * A record batch for each of some partitions, to be answered when all replicas that are in sync have it.
 *
 * @param timeout milliseconds that the leader waits for them
 * @returns the error's number for each partition
 */
export function produce(
  topic: string,
  timeout: number,
  batches: ReadonlyMap<number, Buffer>,
): KafkaRequest<ReadonlyMap<number, number>> {
  const writer = new KafkaWriter()
  writer.string(undefined).int16(-1).int32(timeout)
  writer.array([topic], (name) => {
    writer.string(name).array([...batches], ([partition, batch]) => writer.int32(partition).bytes(batch))
  })
  return { api: 'Produce', version: versions.Produce, body: writer.finish(), read: readProduced }
}

function readProduced(answer: KafkaReader): ReadonlyMap<number, number> {
  const topics = answer.array(() => {
    answer.string()
    return answer.array(() => {
      const [partition, error] = [answer.int32(), answer.int16()]
      for (let numbers = 0; numbers < 3; numbers++) answer.int64()
      return [partition, error] as const
    })
  })
  return new Map(topics.flat())
}
