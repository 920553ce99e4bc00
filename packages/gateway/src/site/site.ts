import type { Problem } from '@gateward/kernel'
import type { Contract } from '@gateward/openapi'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import type { JsonLimits } from '../exchange/strict-json.ts'
import type { Route } from '../exchange/route.ts'
import type { Guard } from '../guards/guard.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { ServedVersion } from '../versions/served-version.ts'

/** The whole compiled configuration, immutable; a reload builds the next one whole and swaps one reference. */
export interface Site {
  /** The first characters of the hash of configuration and contracts. */
  readonly hash: string
  /** What is served, for people: in the configuration's order. */
  readonly apis: readonly SiteApi[]
  match(request: ReceivedRequest): Match
}

/** One API of a site, or one of its versions, as a banner or a dashboard shows it. */
export interface SiteApi {
  /** What events and numbers call it: its name in the configuration, `shop@v1` where it has versions. */
  readonly name: string
  /** Its name in the configuration. */
  readonly family: string
  readonly version: ServedVersion | undefined
  /** The contract's title and file; `undefined` where there is no contract. */
  readonly title: string | undefined
  readonly contract: string | undefined
  /** What a pointer into the contract leads to; `undefined` where there is no contract. */
  readonly declaration: Contract['declaration'] | undefined
  readonly operations: number
  /** Before the contract's paths, without a slash at its end. */
  readonly basePath: string
  /** Empty: every host that no other API names. */
  readonly hosts: readonly string[]
  readonly upstream: Upstream
  /** What happens to the requests of each operation; without a contract, of every request. */
  readonly plans: readonly Plan[]
}

/** A plan and the raw path segments of its template's variables. */
export interface Match {
  readonly plan: Plan
  readonly pathParameters: readonly string[]
  /** The path under which the service is asked, where it is another than the client's. */
  readonly forwardedPath?: string | undefined
  /** The field that tells the service its version. */
  readonly versionField?: readonly [name: string, value: string] | undefined
}

/** What happens to the requests of one operation: everything decided that can be decided at load. */
export interface Plan {
  readonly route: Route
  /** In the pipeline's order; guards that are off or have nothing to do are not there. */
  readonly steps: readonly Step[]
  /** Those with `onDefect`. */
  readonly defectSteps: readonly Step[]
  readonly requestSteps: readonly Step[]
  readonly requestBodySteps: readonly Step[]
  /** Whether each of them can look at JSON lines item by item and one is not in shadow, so that these need not be held. */
  readonly flowsRequestItems: boolean
  /** Those with `onResponse` or `onResponseBody`, in reverse order, as answers run up the list. */
  readonly responseSteps: readonly Step[]
  /** Whether any step has `onResponseBody`, so that the answer's body is held whole. */
  readonly wholeAnswer: boolean
  /** Those with `onResponseItems`, in reverse order, where the contract classifies something in an answer. */
  readonly itemSteps: readonly Step[]
  /** Whether every guard that looks at bodies of answers can do it item by item, so that long lists need not be held. */
  readonly flowsItems: boolean
  /** Media types held whole besides those that every guard can look into. */
  readonly answerTypes: ReadonlySet<string>
  readonly body: BodyBounds
  /** How answers are read as JSON: within the same depth, and not strictly, since it is the operator's own service. */
  readonly answerJson: JsonLimits
  /** Where the request goes; a problem where nothing matched. */
  readonly destination: Destination
  /** Whether clients see which fields were wrong. */
  readonly showPointers: boolean
}

export type Destination = UpstreamDestination | { readonly kind: 'problem'; readonly problem: Problem }

export interface UpstreamDestination {
  readonly kind: 'upstream'
  readonly upstream: Upstream
  /** The base path taken off before forwarding; empty: none. */
  readonly strip: string
  /** Prepended to the path; empty: nothing. */
  readonly prefix: string
}

export interface BodyBounds {
  /** Bytes; a longer request body is refused with 413. */
  readonly maxRequest: number
  /** Bytes of one item of a request body that flows item by item. */
  readonly maxItem: number
  /** Bytes; a longer answer that a guard wants whole is a fault. */
  readonly maxResponse: number
  readonly json: JsonLimits
  /** Milliseconds that a whole request body has to arrive. */
  readonly deadline: number
}

/** One guard at its place. */
export interface Step {
  readonly name: string
  /** Its place in the catalog's order; an answer runs up only through guards that the request reached. */
  readonly place: number
  readonly mode: 'shadow' | 'enforce'
  readonly onFault: 'refuse' | 'pass' | 'degrade'
  readonly guard: Guard
}
