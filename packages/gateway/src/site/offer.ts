import type { Contract } from '@gateward/openapi'
import type { Configuration } from '../config/configuration.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** The settings of one API. */
export type ApiSettings = Configuration['apis'][string]

/** An API as it is served: alone, or as one of its versions. */
export interface Offer {
  /** `undefined`: the API has no versions. */
  readonly version: string | undefined
  /** `undefined`: any path and method is served. */
  readonly contract: Contract | undefined
  readonly upstream: Upstream
}
