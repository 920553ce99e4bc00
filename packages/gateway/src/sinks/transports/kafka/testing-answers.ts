import { errorCodes, type ErrorName, type TestPartition } from './testing-partition.ts'
import { readRecordBatch, type TestBatch } from './testing-record-batch.ts'
import { ProtocolViolation, type WireReader, type WireWriter } from './testing-wire.ts'

/** What nodes of a cluster share. */
export interface TestCluster {
  readonly topic: string
  readonly partitions: readonly TestPartition[]
  /** Where each node says that it is. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[]
  /** Largest batch, bytes as it came; Kafka's `message.max.bytes`. */
  maximum: number
  /** Batches that were taken, in order. */
  readonly batches: TestBatch[]
  /** What a partition answers instead of taking a batch; `undefined`: it takes it. */
  refuse: (partition: number) => ErrorName | undefined
  nextProducerId: bigint
}

export function answerMetadata(reader: WireReader, writer: WireWriter, cluster: TestCluster): void {
  const topics = reader.array(() => reader.string())
  if (reader.bool()) throw new ProtocolViolation('the topic is to be made where it is not there')
  writer.int32(0)
  writer.array([...cluster.addresses.entries()], ([node, { host, port }]) =>
    writer.int32(node).string(host).int32(port).string(undefined),
  )
  writer.string('test-cluster').int32(0)
  writer.array(topics, (name) => {
    const isKnown = name === cluster.topic
    writer.int16(errorCodes[isKnown ? 'none' : 'unknownTopicOrPartition']).string(name)
    writer.int8(0)
    writer.array(isKnown ? [...cluster.partitions.entries()] : [], ([index, { leader }]) => {
      writer.int16(0).int32(index).int32(leader)
      for (const nodes of [[leader], [leader], []]) writer.array(nodes, (node) => writer.int32(node))
    })
  })
}

export function answerInitProducerId(reader: WireReader, writer: WireWriter, cluster: TestCluster): void {
  if (reader.nullableString() !== undefined) throw new ProtocolViolation('there are no transactions')
  reader.int32()
  writer.int32(0).int16(0).int64(cluster.nextProducerId++).int16(0)
}

interface PartitionAnswer {
  readonly index: number
  readonly error: ErrorName
  readonly offset: number
}

export function answerProduce(
  reader: WireReader,
  writer: WireWriter,
  node: number,
  cluster: TestCluster,
): void {
  if (reader.nullableString() !== undefined) throw new ProtocolViolation('there are no transactions')
  if (reader.int16() !== -1) throw new ProtocolViolation('not all replicas are waited for')
  if (reader.int32() <= 0) throw new ProtocolViolation('there is no time for them')
  const topics = reader.array(() => {
    const name = reader.string()
    const answers = reader.array(() => {
      const index = reader.int32()
      return take(index, reader.bytes(), name, node, cluster)
    })
    if (new Set(answers.map(({ index }) => index)).size !== answers.length)
      throw new ProtocolViolation('a partition is named twice')
    return { name, answers }
  })
  reader.end()
  writer.array(topics, ({ name, answers }) => {
    writer.string(name).array(answers, (answer) => writePartition(writer, answer))
  })
  writer.int32(0)
}

function take(
  index: number,
  bytes: Buffer,
  topic: string,
  node: number,
  cluster: TestCluster,
): PartitionAnswer {
  const batch = readRecordBatch(bytes)
  const partition = topic === cluster.topic ? cluster.partitions[index] : undefined
  const refused = (error: ErrorName): PartitionAnswer => ({ index, error, offset: -1 })
  if (partition === undefined) return refused('unknownTopicOrPartition')
  if (partition.leader !== node) return refused('notLeaderOrFollower')
  const told = cluster.refuse(index)
  if (told !== undefined) return refused(told)
  if (batch.size > cluster.maximum) return refused('messageTooLarge')
  const { error, offset } = partition.append(batch)
  if (error === 'none') cluster.batches.push(batch)
  return { index, error, offset }
}

function writePartition(writer: WireWriter, { index, error, offset }: PartitionAnswer): void {
  writer.int32(index).int16(errorCodes[error]).int64(BigInt(offset)).int64(-1n).int64(0n)
}
