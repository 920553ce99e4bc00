import { leadingNumber } from '../operators/numbers.ts'
import type { TransactionState } from './transaction-state.ts'

/** The keys in which versions of the Core Rule Set, and rules after their example, sum up their scores. */
const inboundScores = [
  'blocking_inbound_anomaly_score',
  'inbound_anomaly_score',
  'anomaly_score',
  'core_score',
]
const outboundScores = ['blocking_outbound_anomaly_score', 'outbound_anomaly_score']

/** The anomaly score so far: of the request up to phase 2, of the response after it; 0 where no rule keeps one. */
export function scoreOf(state: TransactionState, phase: number): number {
  const keys = phase > 2 ? outboundScores : inboundScores
  const value = keys.map((key) => state.tx(key)).find((score) => score !== undefined)
  return value === undefined ? 0 : leadingNumber(value)
}
