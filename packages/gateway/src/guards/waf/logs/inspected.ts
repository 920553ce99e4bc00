import type { WafMatch } from '@gateward/waf'
import type { Exchange } from '../../../exchange/exchange.ts'

/** An exchange at its end, with what rules found in it and the bodies that are to be written. */
export interface Inspected {
  readonly exchange: Exchange
  readonly matches: readonly WafMatch[]
  /** The rule that blocked and in which phase; `undefined`: none did. */
  readonly block: { readonly ruleId: number; readonly phase: number; readonly status: number } | undefined
  /** Whether it was carried out: not in shadow. */
  readonly enforced: boolean
  readonly requestBody: Buffer | undefined
  readonly answerBody: Buffer | undefined
  /** Milliseconds since the epoch. */
  readonly time: number
}
