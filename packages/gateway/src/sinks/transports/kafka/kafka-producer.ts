import type { KafkaConnection } from './connection.ts'
import { KafkaCluster } from './cluster.ts'
import {
  answeredError,
  isIdentityLost,
  isTaken,
  isTooLarge,
  KafkaError,
  toDeliveryFault,
} from './kafka-error.ts'
import { encodeRecordBatch, type KafkaMessage } from './record-batch.ts'
import { askProducerId, produce } from './requests.ts'
import type { KafkaSettings } from './settings.ts'

/** Messages for one partition, to be written as one batch. */
export interface Part {
  readonly partition: number
  readonly messages: readonly KafkaMessage[]
  /** The number of its first message, once it was sent: a repetition has the same, by which brokers know it. */
  sequence?: number
}

/** How often an attempt is made anew at once, where only what was known of the cluster was out of date. */
const mostTries = 4

/**
 * Produces to one topic: acknowledged by all replicas in sync, and numbered, so that what an answer was lost of is not
 * written twice, however long the brokers are away. Its numbers are its own; after a restart there are new ones.
 */
export class KafkaProducer implements AsyncDisposable {
  readonly #settings: KafkaSettings
  readonly #cluster: KafkaCluster
  readonly #sequences = new Map<number, number>()
  #identity: { readonly producerId: bigint; readonly epoch: number } | undefined

  constructor(settings: KafkaSettings) {
    this.#settings = settings
    this.#cluster = new KafkaCluster(settings)
  }

  /**
   * Does something within the deadline, once more where the cluster has changed meanwhile.
   *
   * @throws Fault `DELIVERY_FAILED`
   */
  async attempt<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const signal = AbortSignal.timeout(this.#settings.deadline)
    for (let tries = 1; ; tries++) {
      try {
        return await work(signal)
      } catch (thrown) {
        this.#cluster[Symbol.dispose]()
        const isStale = thrown instanceof KafkaError && thrown.isStale
        if (!isStale || signal.aborted || tries === mostTries) throw toDeliveryFault(thrown)
        await new Promise((resolve) => setTimeout(resolve, 50 * (tries - 1)))
      }
    }
  }

  /** The leader of each partition, -1 where there is none. */
  leaders(signal: AbortSignal): Promise<readonly number[]> {
    return this.#cluster.leaders(signal)
  }

  /**
   * Sends parts, at most one of each partition.
   *
   * @returns those that are there now, and those that a broker finds too large
   * @throws KafkaError where none of them could be sent
   */
  async send(
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<{
    readonly taken: ReadonlySet<Part>
    readonly tooLarge: ReadonlySet<Part>
    readonly failed?: unknown
  }> {
    const [taken, tooLarge] = [new Set<Part>(), new Set<Part>()]
    let failed: unknown
    const destinations = await this.#byConnection(parts, signal)
    await this.#identify(destinations, signal)
    await Promise.all(
      [...destinations].map(async ([connection, parts]) => {
        try {
          const codes = await this.#produce(connection, parts, signal)
          for (const part of parts) {
            const code = codes.get(part.partition) ?? -1
            if (isTaken(code)) this.#count(part)
            if (isTaken(code)) taken.add(part)
            else if (isTooLarge(code)) tooLarge.add(part)
            else failed ??= this.#refusal(code)
          }
        } catch (thrown) {
          failed ??= thrown
        }
      }),
    )
    return { taken, tooLarge, failed }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cluster[Symbol.dispose]()
  }

  async #byConnection(
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<KafkaConnection, readonly Part[]>> {
    const found = new Map<KafkaConnection, Part[]>()
    for (const part of parts) {
      const connection = await this.#cluster.leader(part.partition, signal)
      found.set(connection, [...(found.get(connection) ?? []), part])
    }
    return found
  }

  async #identify(
    destinations: ReadonlyMap<KafkaConnection, readonly Part[]>,
    signal: AbortSignal,
  ): Promise<void> {
    const [connection] = destinations.keys()
    if (!this.#settings.idempotent || this.#identity !== undefined || connection === undefined) return
    const { error, ...identity } = await connection.request(askProducerId(), signal)
    if (error !== 0) throw answeredError(error, this.#settings.topic)
    this.#identity = identity
    this.#sequences.clear()
    for (const part of [...destinations.values()].flat()) delete part.sequence
  }

  async #produce(
    connection: KafkaConnection,
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, number>> {
    const { topic, deadline } = this.#settings
    const batches = new Map<number, Buffer>()
    for (const part of parts) batches.set(part.partition, await this.#encode(part))
    return await connection.request(produce(topic, deadline, batches), signal)
  }

  #encode(part: Part): Promise<Buffer> {
    const { producerId, epoch } = this.#identity ?? { producerId: -1n, epoch: -1 }
    const isNumbered = this.#identity !== undefined
    if (isNumbered) part.sequence ??= this.#sequences.get(part.partition) ?? 0
    const sequence = part.sequence ?? -1
    return encodeRecordBatch(part.messages, this.#settings.compression, Date.now(), {
      producerId,
      epoch,
      sequence,
    })
  }

  #count({ partition, sequence, messages }: Part): void {
    // Numbers begin at 0 again after the largest of 31 bits.
    if (sequence !== undefined) this.#sequences.set(partition, (sequence + messages.length) % 2 ** 31)
  }

  #refusal(code: number): KafkaError {
    if (isIdentityLost(code)) this.#identity = undefined
    return answeredError(code, this.#settings.topic)
  }
}
