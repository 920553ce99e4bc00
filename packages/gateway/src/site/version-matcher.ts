import type { ReceivedRequest } from '../exchange/exchange.ts'
import { ambiguous, type NamedVersion, type NamingRequest } from '../versions/named-version.ts'
import type { ApiMatcher } from './api-matcher.ts'
import type { RequestMatcher } from './match.ts'
import type { Match, Plan } from './site.ts'

/** One version as requests are matched to it. */
export interface OfferedVersion {
  readonly name: string
  /** How header fields, media types and queries write it. */
  readonly value: string
  readonly matcher: ApiMatcher
}

/** What happens to requests whose version is not clear. */
interface VersionRefusals {
  readonly notFound: Plan
  readonly required: Plan
  readonly unknown: Plan
  readonly conflict: Plan
}

export interface VersionMatcherOptions {
  /** The path before the versions' own. */
  readonly root: string
  /** Whether the segment after `root` may name the version. */
  readonly inPath: boolean
  readonly read: (request: NamingRequest) => NamedVersion
  readonly versions: readonly OfferedVersion[]
  /** Of requests that name none. */
  readonly byDefault: OfferedVersion | undefined
  /** The header field (lower case) in which services are told the version; `undefined`: none is. */
  readonly field: string | undefined
  readonly refusals: VersionRefusals
}

/** The matcher of an API with versions: first the version, then the operation among those of its own. */
export function createVersionMatcher(options: VersionMatcherOptions): RequestMatcher {
  return new VersionMatcher(options)
}

class VersionMatcher implements RequestMatcher {
  readonly basePath: string
  readonly #options: VersionMatcherOptions
  readonly #byName: ReadonlyMap<string, OfferedVersion>
  readonly #byValue: ReadonlyMap<string, OfferedVersion>
  readonly #notFound: Match
  readonly #required: Match
  readonly #unknown: Match
  readonly #conflict: Match

  constructor(options: VersionMatcherOptions) {
    const { root, versions, refusals } = options
    this.basePath = root
    this.#options = options
    this.#byName = new Map(versions.map((version) => [version.name, version]))
    this.#byValue = new Map(versions.map((version) => [version.value, version]))
    this.#notFound = toMatch(refusals.notFound)
    this.#required = toMatch(refusals.required)
    this.#unknown = toMatch(refusals.unknown)
    this.#conflict = toMatch(refusals.conflict)
  }

  match(method: string, path: string, request: ReceivedRequest): Match {
    const { inPath, read, byDefault } = this.#options
    const segment = inPath ? segmentAfter(path, this.basePath.length) : ''
    const ofPath = this.#byName.get(segment)
    // A service that does not mind the case would take the one for the other.
    if (ofPath === undefined && this.#byName.has(segment.toLowerCase())) return this.#notFound
    const named = read(request)
    if (named === ambiguous) return this.#conflict
    const ofFields = named === undefined ? undefined : this.#byValue.get(named)
    if (named !== undefined && ofFields === undefined) return this.#unknown
    if (ofPath !== undefined && ofFields !== undefined && ofPath !== ofFields) return this.#conflict
    const version = ofPath ?? ofFields ?? byDefault ?? this.#ofPreflight(request)
    if (version === undefined) return this.#required
    return this.#matchVersion(version, method, path, inPath && ofPath === undefined)
  }

  /** A preflight cannot carry the field that names the version; what it asks is the same of all. */
  #ofPreflight({ method, headers }: ReceivedRequest): OfferedVersion | undefined {
    return method === 'OPTIONS' && headers.has('access-control-request-method')
      ? this.#options.versions[0]
      : undefined
  }

  /** @param isBare whether the path lacks the version, so that the service gets it with the version in it */
  #matchVersion(version: OfferedVersion, method: string, path: string, isBare: boolean): Match {
    const { field } = this.#options
    const whole = isBare ? version.matcher.basePath + path.slice(this.basePath.length) : path
    const found = version.matcher.match(method, whole)
    if (!isBare && field === undefined) return found
    const versionField = field === undefined ? undefined : ([field, version.value] as const)
    const { plan, pathParameters } = found
    return { plan, pathParameters, versionField, forwardedPath: isBare ? whole : undefined }
  }
}

function segmentAfter(path: string, start: number): string {
  const end = path.indexOf('/', start + 1)
  return path.slice(start + 1, end === -1 ? path.length : end)
}

function toMatch(plan: Plan): Match {
  return { plan, pathParameters: [] }
}
