import type { ReceivedRequest } from '../exchange/exchange.ts'
import type { Match, Plan, Site } from './site.ts'

/** Finds the plan for a request of one API. */
export interface RequestMatcher {
  /** The path before all that belongs to it, without a slash at the end. */
  readonly basePath: string
  /** @param path canonical, and within the base path */
  match(method: string, path: string, request: ReceivedRequest): Match
}

/** An API and the hosts that belong to it; none: every host that no other API names. */
export interface HostedApi {
  readonly hosts: readonly string[]
  readonly matcher: RequestMatcher
}

/** What happens to requests that belong to no API. */
export interface Strays {
  /** The host is served, and no API is under the path. */
  readonly notFound: Plan
  /** No API is served under the host. */
  readonly misdirected: Plan
}

/**
 * Finds the plan of a request: first by host, then the API with the longest base path, then the path. A host that an
 * API names is served by the APIs that name it and by no other.
 */
export function createMatch(apis: readonly HostedApi[], strays: Strays): Site['match'] {
  const byHost = new Map<string, readonly RequestMatcher[]>()
  for (const host of new Set(apis.flatMap(({ hosts }) => hosts)))
    byHost.set(host, longestFirst(apis.filter(({ hosts }) => hosts.includes(host))))
  const everyHost = longestFirst(apis.filter(({ hosts }) => hosts.length === 0))
  const notFound: Match = { plan: strays.notFound, pathParameters: [] }
  const misdirected: Match = { plan: strays.misdirected, pathParameters: [] }
  return (request) => {
    const { method, host, path } = request
    const matchers = byHost.size === 0 ? everyHost : (byHost.get(host) ?? everyHost)
    for (const matcher of matchers) {
      if (isUnder(matcher.basePath, path)) return matcher.match(method, path, request)
    }
    return matchers.length === 0 ? misdirected : notFound
  }
}

function longestFirst(apis: readonly HostedApi[]): readonly RequestMatcher[] {
  return apis
    .map(({ matcher }) => matcher)
    .sort((left, right) => right.basePath.length - left.basePath.length)
}

function isUnder(basePath: string, path: string): boolean {
  if (basePath === '') return true
  return (
    path.startsWith(basePath) &&
    (path.length === basePath.length || path.charCodeAt(basePath.length) === slash)
  )
}

const slash = 0x2f
