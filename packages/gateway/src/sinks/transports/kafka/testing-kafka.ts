import type { TlsOptions } from 'node:tls'
import type { TestCluster } from './testing-answers.ts'
import { TestNode, type TestNodeOptions } from './testing-node.ts'
import { TestPartition } from './testing-partition.ts'
import type { TestRecord } from './testing-record-batch.ts'
import type { TestLogin } from './testing-sasl.ts'

export interface TestKafkaOptions {
  readonly nodes?: number
  readonly partitions?: number
  readonly age?: TestNodeOptions['age']
  readonly tls?: TlsOptions
  readonly login?: TestLogin
  /** How brokers name their machine to clients. */
  readonly advertised?: string
}

/**
 * A cluster that takes messages, and holds whoever sends them to every byte of Kafka's protocol. It is not Kafka: it keeps
 * no replicas and hands nothing out, but what it answers is what Kafka answers to the same.
 */
export interface TestKafka extends AsyncDisposable {
  readonly topic: string
  /** Host and port of each broker. */
  readonly brokers: readonly string[]
  readonly nodes: readonly TestNode[]
  readonly cluster: TestCluster
  /** What clients did against the protocol. */
  readonly violations: readonly string[]
  /** All that was taken, a partition after the other. */
  records(): readonly TestRecord[]
  kill(): Promise<void>
  start(): Promise<void>
}

export async function startKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const { nodes: count = 1, partitions = 1, age = 'current', tls, login, advertised = '127.0.0.1' } = options
  const addresses: { host: string; port: number }[] = []
  const violations: string[] = []
  const cluster: TestCluster = {
    topic: 'security-events',
    partitions: Array.from({ length: partitions }, (_, index) => new TestPartition(index % count)),
    addresses,
    maximum: 1_048_588,
    batches: [],
    refuse: () => undefined,
    nextProducerId: 1_000n,
  }
  const onViolation = (what: string): void => void violations.push(what)
  const nodes = Array.from(
    { length: count },
    (_, number) => new TestNode({ number, cluster, age, tls, login, onViolation }),
  )
  for (const node of nodes) addresses.push({ host: advertised, port: await node.start(0) })
  const kill = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.kill())))
  return {
    topic: cluster.topic,
    brokers: addresses.map(({ port }) => `127.0.0.1:${port}`),
    nodes,
    cluster,
    violations,
    records: () => cluster.partitions.flatMap(({ records }) => records),
    kill,
    async start() {
      for (const [index, node] of nodes.entries()) await node.start(addresses[index]?.port ?? 0)
    },
    [Symbol.asyncDispose]: kill,
  }
}
