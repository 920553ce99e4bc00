import type { FieldPolicy, RawRequestReading, Waf, WafTransaction, WafVerdict } from '@gateward/waf'
import { textOf } from '@gateward/waf'

/** What rules say of a request. */
export interface Trial {
  /** Ids of the rules that matched and log, in the order in which they did. */
  readonly rules: readonly number[]
  /** The anomaly score when the request's phases were over. */
  readonly score: number
  readonly verdict: 'pass' | 'block'
  /** The status of a block. */
  readonly status?: number
  readonly matches: readonly TrialMatch[]
}

interface TrialMatch {
  readonly id: number
  readonly at: string
  readonly message: string
  readonly data: string
}

/** Runs phases 1 and 2 on a request, as if it came from 127.0.0.1. */
export function tryRequest(waf: Waf, request: RawRequestReading, policy?: FieldPolicy): Trial {
  const { method, target, protocol, headers, line, body } = request
  const transaction = waf.begin(
    { id: 'try', method, target, protocol, headers, line, clientAddress: '127.0.0.1' },
    policy,
  )
  const verdict = runPhases(transaction, body)
  const matches = transaction.matches.map(({ id, variable, msg, data }) => ({
    id,
    at: toText(variable),
    message: toText(msg),
    data: toText(data),
  }))
  return {
    rules: matches.map(({ id }) => id),
    score: transaction.score,
    verdict: verdict.kind,
    ...(verdict.kind === 'block' && { status: verdict.status }),
    matches,
  }
}

function runPhases(transaction: WafTransaction, body: Buffer): WafVerdict {
  const verdict = transaction.requestHeaders()
  return verdict.kind === 'block' ? verdict : transaction.requestBody(body)
}

function toText(bytes: string): string {
  return textOf(bytes as Parameters<typeof textOf>[0])
}
