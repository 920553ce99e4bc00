import { Fault } from '@gateward/kernel'

/** Something between the gateway and Kafka failed. */
export class KafkaError extends Error {
  /** Whether it may go at once with what is known now thrown away: a leader that moved, a connection that was left. */
  readonly isStale: boolean

  constructor(message: string, options: { readonly isStale?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.isStale = options.isStale ?? false
  }
}

/** What a broker answered, by its number in Kafka's protocol guide ("Error Codes"). */
export function answeredError(code: number, topic: string): KafkaError {
  const name = names.get(code) ?? `error ${code}`
  const remedy = remedies.get(code)
  return new KafkaError(`${name} for the topic ${topic}${remedy === undefined ? '' : `: ${remedy}`}`, {
    isStale: stale.has(code),
  })
}

/** What went wrong, as senders of events tell it: all of what was not acknowledged is sent again. */
export function toDeliveryFault(thrown: unknown): Fault {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault('DELIVERY_FAILED', `Kafka: ${message}`, {
    source: 'upstream',
    retryable: true,
    cause: thrown,
  })
}

/** Whether a batch is larger than a broker takes: MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE. */
export function isTooLarge(code: number): boolean {
  return code === 10 || code === 18
}

/** Whether a broker no longer knows the numbers that this producer counts its batches by. */
export function isIdentityLost(code: number): boolean {
  return [45, 47, 59, 90].includes(code)
}

/** Whether it is there: taken now, or known from before (DUPLICATE_SEQUENCE_NUMBER). */
export function isTaken(code: number): boolean {
  return code === 0 || code === 46
}

const names: ReadonlyMap<number, string> = new Map([
  [-1, 'UNKNOWN_SERVER_ERROR'],
  [2, 'CORRUPT_MESSAGE'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
  [5, 'LEADER_NOT_AVAILABLE'],
  [6, 'NOT_LEADER_OR_FOLLOWER'],
  [7, 'REQUEST_TIMED_OUT'],
  [10, 'MESSAGE_TOO_LARGE'],
  [17, 'INVALID_TOPIC_EXCEPTION'],
  [18, 'RECORD_LIST_TOO_LARGE'],
  [19, 'NOT_ENOUGH_REPLICAS'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
  [29, 'TOPIC_AUTHORIZATION_FAILED'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED'],
  [32, 'INVALID_TIMESTAMP'],
  [35, 'UNSUPPORTED_VERSION'],
  [44, 'POLICY_VIOLATION'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
  [47, 'INVALID_PRODUCER_EPOCH'],
  [56, 'KAFKA_STORAGE_ERROR'],
  [59, 'UNKNOWN_PRODUCER_ID'],
  [74, 'FENCED_LEADER_EPOCH'],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE'],
  [87, 'INVALID_RECORD'],
  [89, 'THROTTLING_QUOTA_EXCEEDED'],
  [90, 'PRODUCER_FENCED'],
])

const remedies: ReadonlyMap<number, string> = new Map([
  [3, 'create it, or let this user describe it'],
  [29, 'let this user write to it'],
  [31, 'let this user do IdempotentWrite in the cluster, or set idempotent: false'],
  [76, 'set compression: gzip'],
  [87, 'a compacted topic wants a key with each message; brokers that check schemas take no events'],
])

const stale: ReadonlySet<number> = new Set([5, 6, 45, 47, 59, 74, 90])
