import type { TestBatch, TestRecord } from './testing-record-batch.ts'

/** The errors that the broker answers with (Kafka's protocol guide, "Error Codes"). */
export const errorCodes = {
  none: 0,
  unknownTopicOrPartition: 3,
  notLeaderOrFollower: 6,
  messageTooLarge: 10,
  notEnoughReplicas: 19,
  topicAuthorizationFailed: 29,
  unsupportedSaslMechanism: 33,
  unsupportedVersion: 35,
  outOfOrderSequenceNumber: 45,
  saslAuthenticationFailed: 58,
} as const

export type ErrorName = keyof typeof errorCodes

/** A partition's log, and what is remembered of those who write to it with sequence numbers. */
export class TestPartition {
  readonly records: TestRecord[] = []
  leader: number
  /** Batches that came once more and were not written again. */
  repeated = 0
  readonly #last = new Map<
    string,
    { readonly sequence: number; readonly count: number; readonly offset: number }
  >()

  constructor(leader: number) {
    this.leader = leader
  }

  /** Appends, unless it is the last batch of this producer once more; where its sequence does not follow, refuses. */
  append(batch: TestBatch): { readonly error: ErrorName; readonly offset: number } {
    const { producerId, epoch, sequence, records } = batch
    const offset = this.records.length
    if (producerId >= 0n) {
      const key = `${producerId}/${epoch}`
      const last = this.#last.get(key)
      if (last?.sequence === sequence && last.count === records.length) {
        this.repeated++
        return { error: 'none', offset: last.offset }
      }
      if (sequence !== (last === undefined ? 0 : last.sequence + last.count))
        return { error: 'outOfOrderSequenceNumber', offset: -1 }
      this.#last.set(key, { sequence, count: records.length, offset })
    }
    this.records.push(...records)
    return { error: 'none', offset }
  }
}
