import { defineProblem, type Diagnostic, type Problem, type Steps } from '@gateward/kernel'
import type { GuardServices } from '../guards/guard.ts'
import { compilePlan } from '../versions/plan.ts'
import type { ServedVersion } from '../versions/served-version.ts'
import { servedName } from '../versions/served-name.ts'
import { compileVersionReader } from '../versions/version-reader.ts'
import type { ApiMatcher } from './api-matcher.ts'
import { findBasePaths, namesInPath, type BasePaths } from './base-paths.ts'
import { compileApi } from './compile-api.ts'
import { assemblePlan, compileSteps } from './compile-plan.ts'
import type { GuardTable } from './guard-table.ts'
import type { RequestMatcher } from './match.ts'
import type { ApiSettings, Offer } from './offer.ts'
import type { Plan, SiteApi } from './site.ts'
import { createVersionMatcher, type OfferedVersion } from './version-matcher.ts'

/** What the offers of one API are compiled from. */
export interface OffersInput {
  /** The API's name in the configuration. */
  readonly family: string
  readonly settings: ApiSettings
  readonly offers: readonly Offer[]
  readonly table: GuardTable
  readonly services: GuardServices
  readonly report: (diagnostic: Diagnostic) => void
  /** Reports at the API's place in the configuration. */
  readonly reportAtApi: (diagnostic: Diagnostic) => void
}

/** An API with all its versions. */
export interface CompiledOffers {
  readonly matcher: RequestMatcher
  readonly described: readonly SiteApi[]
}

/** Compiles what an API offers: itself, or its versions side by side behind one matcher. */
export function* compileOffers(input: OffersInput): Steps<CompiledOffers> {
  const { family, settings, offers } = input
  const paths = findBasePaths(family, settings, offers, input.reportAtApi)
  const compiled: { readonly matcher: ApiMatcher; readonly described: SiteApi }[] = []
  for (const offer of offers) compiled.push(yield* compileOffer(input, offer, paths))
  const described = compiled.map((each) => each.described)
  const [only] = compiled
  if (settings.versions === undefined && only !== undefined) return { matcher: only.matcher, described }
  return {
    matcher: compileVersions(
      input,
      paths,
      compiled.map(({ matcher }) => matcher),
    ),
    described,
  }
}

function* compileOffer(
  { family, settings, table, services, report }: OffersInput,
  { version: versionName, contract, upstream }: Offer,
  paths: BasePaths,
): Steps<{ readonly matcher: ApiMatcher; readonly described: SiteApi }> {
  const name = servedName(family, versionName)
  const basePath = paths.of(versionName)
  const version = versionName === undefined ? undefined : toServedVersion(versionName, settings, paths)
  const strip = settings.stripBasePath ? basePath : ''
  const matcher = yield* compileApi({
    name,
    family,
    version,
    contract,
    basePath,
    destination: { kind: 'upstream', upstream, strip, prefix: '' },
    table,
    services,
    report,
  })
  const described: SiteApi = {
    name,
    family,
    version,
    title: contract?.title,
    contract: contract?.file,
    declaration: contract === undefined ? undefined : (pointer) => contract.declaration(pointer),
    operations: contract?.operations.length ?? 0,
    basePath,
    hosts: settings.hosts,
    upstream,
    plans: matcher.plans,
  }
  return { matcher, described }
}

function toServedVersion(name: string, settings: ApiSettings, paths: BasePaths): ServedVersion {
  const places = settings.versions?.in ?? []
  const plan = settings.versions?.offered[name]?.plan
  const vary = places.flatMap((place) => {
    if (place.kind === 'header') return [place.name]
    return place.kind === 'media-type' ? ['Accept'] : []
  })
  const query = places.find((place) => place.kind === 'query')
  const successorPath =
    plan?.successor !== undefined && namesInPath(settings) ? paths.of(plan.successor) : undefined
  return {
    name,
    vary: vary.length === 0 ? undefined : vary.join(', '),
    query: query?.name,
    plan: plan && compilePlan(plan, successorPath),
  }
}

function compileVersions(
  input: OffersInput,
  paths: BasePaths,
  matchers: readonly ApiMatcher[],
): RequestMatcher {
  const { settings, offers } = input
  const places = settings.versions?.in ?? []
  const inPath = namesInPath(settings)
  const versions = offers.flatMap(({ version: name }, nth): OfferedVersion[] => {
    const matcher = matchers[nth]
    if (name === undefined || matcher === undefined) return []
    return [{ name, value: settings.versions?.offered[name]?.value ?? name, matcher }]
  })
  const refuse = (problem: Problem): Plan => compileRefusal(input, problem)
  const notFound = refuse(defineProblem('NOT_FOUND', 'the path names no version that is offered'))
  const isPathAlone = places.every(({ kind }) => kind === 'path')
  return createVersionMatcher({
    root: paths.root,
    inPath,
    read: compileVersionReader(places),
    versions,
    byDefault: versions.find(({ name }) => name === settings.versions?.default),
    field: places.find(({ kind }) => kind === 'header')?.name?.toLowerCase(),
    refusals: {
      notFound,
      required: isPathAlone
        ? notFound
        : refuse(defineProblem('VERSION_REQUIRED', 'the request names no version, and none is the default')),
      unknown: refuse(defineProblem('VERSION_UNKNOWN', 'the request names a version that is not offered')),
      conflict: refuse(
        defineProblem(
          'VERSION_CONFLICT',
          'the request names two versions, or one that can be read as another',
        ),
      ),
    },
  })
}

/** The plan of requests whose version is not clear: they belong to the API, and to no operation. */
function compileRefusal({ family, table, services, report }: OffersInput, problem: Problem): Plan {
  const place = { api: family, family, operation: undefined, unmatched: true, pathMethods: undefined }
  const steps = compileSteps({ ...place, securitySchemes: new Map(), table, services, report })
  const route = { api: family, family, operationId: '(none)', template: '(none)', operation: undefined }
  return assemblePlan(route, steps, { kind: 'problem', problem }, table)
}
