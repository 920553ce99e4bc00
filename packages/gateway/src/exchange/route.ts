import type { Operation } from '@gateward/openapi'

/** What a request was matched to. */
export interface Route {
  /** What the API is called in events and numbers: its name in the configuration, `shop@v1` where it has versions. */
  readonly api: string
  /** Its name in the configuration. */
  readonly family: string
  /** The operation's id, a label of bounded variety: `(none)` where nothing matched. */
  readonly operationId: string
  /** The path template with the base path: `/v1/orders/{id}`; `(none)` where nothing matched. */
  readonly template: string
  /** `undefined` for an API without a contract, and where nothing matched. */
  readonly operation: Operation | undefined
}
