import { readKeyedLines, type KeyedLine } from '../../keyed-lines.ts'
import type { ByteTransport } from '../transport.ts'
import { KafkaProducer, type Part } from './kafka-producer.ts'
import { murmur2 } from './murmur2.ts'
import type { KafkaMessage } from './record-batch.ts'
import type { KafkaSettings } from './settings.ts'

/** Half of what brokers take unless told otherwise (`message.max.bytes`), so that a batch and what surrounds it has room. */
const batch = 524_288

/** Lines on their way: what of them is not acknowledged yet. */
interface Consignment {
  readonly bytes: Buffer
  /** In order within each partition. */
  readonly parts: Part[]
  refused: number
}

/**
 * Produces each line as a message. Lines with a key are spread as other clients spread them; those without are together in
 * one partition, those of the next batch in the next. What a broker finds too large is halved until it goes, or is a single
 * line that never will.
 */
export function kafkaTransport(settings: KafkaSettings): ByteTransport {
  const producer = new KafkaProducer(settings)
  let current: Consignment | undefined
  let turn = 0
  return {
    batch,
    async sendBytes(bytes) {
      await producer.attempt(async (signal) => {
        // The same lines again: those that were acknowledged before a failure stay so.
        if (current?.bytes !== bytes) {
          const lines = readKeyedLines(bytes)
          current = { bytes, parts: toParts(lines, await producer.leaders(signal), turn++), refused: 0 }
        }
        while (current.parts.length > 0) await sendSome(producer, current, signal)
      })
      const lines = current?.refused ?? 0
      current = undefined
      return lines === 0 ? undefined : { lines, reason: 'the brokers take no message as large' }
    },
    [Symbol.asyncDispose]: () => producer[Symbol.asyncDispose](),
  }
}

/** Sends what is first of each partition, and leaves of it what is still to be sent. */
async function sendSome(
  producer: KafkaProducer,
  consignment: Consignment,
  signal: AbortSignal,
): Promise<void> {
  const firsts = new Map<number, Part>()
  for (const part of consignment.parts) if (!firsts.has(part.partition)) firsts.set(part.partition, part)
  const { taken, tooLarge, failed } = await producer.send([...firsts.values()], signal)
  const rest = consignment.parts.flatMap((part) => {
    if (taken.has(part)) return []
    if (!tooLarge.has(part)) return [part]
    if (part.messages.length === 1) consignment.refused++
    return halve(part)
  })
  consignment.parts.splice(0, consignment.parts.length, ...rest)
  if (failed !== undefined) throw failed
}

/** The halves of what was not written; of a single message, nothing. */
function halve({ partition, messages }: Part): readonly Part[] {
  if (messages.length === 1) return []
  const middle = Math.ceil(messages.length / 2)
  return [messages.slice(0, middle), messages.slice(middle)].map((half) => ({ partition, messages: half }))
}

function toParts(lines: readonly KeyedLine[], leaders: readonly number[], turn: number): Part[] {
  const led = leaders.flatMap((leader, partition) => (leader === -1 ? [] : [partition]))
  const keyless = led[turn % led.length] ?? turn % leaders.length
  const partitionOf = (key: string | undefined): number =>
    key === undefined ? keyless : murmur2(Buffer.from(key)) % leaders.length
  const byPartition = new Map<number, KafkaMessage[]>()
  for (const { key, line } of lines) {
    const partition = partitionOf(key)
    const messages = byPartition.get(partition) ?? []
    messages.push({ key: key === undefined ? undefined : Buffer.from(key), value: line })
    byPartition.set(partition, messages)
  }
  return [...byPartition].map(([partition, messages]) => ({ partition, messages }))
}
