import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { KafkaConnection, type ConnectionSettings } from './connection.ts'
import { answeredError, KafkaError } from './kafka-error.ts'
import { askMetadata, versions, type TopicMetadata } from './requests.ts'
import type { KafkaAddress, KafkaSettings } from './settings.ts'

/** Milliseconds after which partitions are looked up anew: there may be more. */
const longestKnown = 300_000

/** What is known of the brokers: who leads which partition of the topic, and the connections to them. */
export class KafkaCluster implements Disposable {
  readonly #settings: KafkaSettings
  readonly #access: ConnectionSettings
  readonly #connections = new Map<string, KafkaConnection>()
  #known: TopicMetadata | undefined
  #knownAt = 0
  /** Which of the configured brokers is asked first. */
  #first = 0

  constructor(settings: KafkaSettings) {
    this.#settings = settings
    this.#access = { tls: readTls(settings.tls), sasl: settings.sasl }
  }

  /** The leader of each partition, -1 where there is none. */
  async leaders(signal: AbortSignal): Promise<readonly number[]> {
    const isKnown = this.#known !== undefined && performance.now() - this.#knownAt < longestKnown
    return (isKnown ? this.#known : await this.#ask(signal))?.leaders ?? []
  }

  /** A connection to the broker that leads a partition. */
  async leader(partition: number, signal: AbortSignal): Promise<KafkaConnection> {
    const node = (await this.leaders(signal))[partition] ?? -1
    const address = this.#known?.brokers.get(node)
    if (address !== undefined) return await this.#connect(address, signal)
    throw new KafkaError(`nobody leads partition ${partition} of ${this.#settings.topic}`, { isStale: true })
  }

  /** Forgets all of it: what is needed is asked for again, another broker first. */
  [Symbol.dispose](): void {
    for (const connection of this.#connections.values()) connection[Symbol.dispose]()
    this.#connections.clear()
    this.#known = undefined
    this.#first++
  }

  async #ask(signal: AbortSignal): Promise<TopicMetadata> {
    const { topic } = this.#settings
    const connection = await this.#anybody(signal)
    const [best, other] = versions.Metadata
    const version = connection.speaks('Metadata', best) ? best : other
    const metadata = await connection.request(askMetadata(topic, version), signal)
    if (metadata.error !== 0) throw answeredError(metadata.error, topic)
    if (metadata.leaders.length === 0) throw new KafkaError(`the topic ${topic} has no partitions`)
    this.#known = metadata
    this.#knownAt = performance.now()
    return metadata
  }

  /** The first broker that lets itself be reached. */
  async #anybody(signal: AbortSignal): Promise<KafkaConnection> {
    const { brokers } = this.#settings
    const reasons: unknown[] = []
    for (let index = 0; index < brokers.length && !signal.aborted; index++) {
      try {
        const broker = brokers[(this.#first + index) % brokers.length] as KafkaAddress
        return await this.#connect(broker, signal)
      } catch (thrown) {
        reasons.push(thrown)
      }
    }
    throw reasons[0] ?? new KafkaError('no broker answered in time')
  }

  async #connect(address: KafkaAddress, signal: AbortSignal): Promise<KafkaConnection> {
    const where = `${address.host}:${address.port}`
    const existing = this.#connections.get(where)
    if (existing !== undefined) return existing
    const connection = await KafkaConnection.open(address, this.#access, signal)
    this.#connections.set(where, connection)
    return connection
  }
}

function readTls(tls: KafkaSettings['tls']): ConnectionOptions | undefined {
  if (tls === false) return undefined
  const { ca, cert, key } = tls
  return {
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  }
}
