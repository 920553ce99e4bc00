import type { Operation } from '@gateward/openapi'

/** What a request was matched to. */
export interface Route {
  /** The API's name in the configuration. */
  readonly api: string
  /** The operation's id, a label of bounded variety: `(none)` where nothing matched. */
  readonly operationId: string
  /** The path template with the base path: `/v1/orders/{id}`; `(none)` where nothing matched. */
  readonly template: string
  /** `undefined` for an API without a contract, and where nothing matched. */
  readonly operation: Operation | undefined
}
