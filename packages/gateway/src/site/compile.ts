import { closest, defineProblem, hasErrors, inTurns, type Diagnostic, type Problem } from '@gateward/kernel'
import type { Contract, SecurityScheme } from '@gateward/openapi'
import type { Configuration } from '../config/configuration.ts'
import { guardCatalog } from '../guards/catalog.ts'
import type { GuardServices } from '../guards/guard.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { servedName } from '../versions/served-name.ts'
import { compileOffers, type CompiledOffers } from './compile-offers.ts'
import { assemblePlan, compileSteps } from './compile-plan.ts'
import type { ContractCache } from './contract-cache.ts'
import { readGuardTable, type GuardTable } from './guard-table.ts'
import { hashSite } from './hash.ts'
import { createMatch, type HostedApi, type Strays } from './match.ts'
import type { ApiSettings, Offer } from './offer.ts'
import type { Plan, Site } from './site.ts'
import type { UpstreamSelection } from './upstream-registry.ts'

/** What a site is compiled from. */
export interface SiteInput {
  readonly configuration: Configuration
  /** Of what the WAF's rules hold. */
  readonly rulesDigest: string
  readonly services: GuardServices
  readonly upstreams: Pick<UpstreamSelection, 'open'>
  readonly contracts: ContractCache
}

/** What came of it: the site, or every mistake at once. */
export interface SiteResult {
  /** `undefined` exactly where a diagnostic is an error. */
  readonly site: Site | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Files of contracts and of certificates for upstreams, whether they could be read or not, so that a change of any can be watched. */
  readonly files: readonly string[]
}

/** Compiles a configuration with its contracts into a site, in turns with the requests that are served; never throws for what is written in them. */
export async function compileSite(input: SiteInput): Promise<SiteResult> {
  return new SiteCompiler(input).compile()
}

interface CompiledApi extends HostedApi, CompiledOffers {
  readonly family: string
}

type VersionSettings = NonNullable<ApiSettings['versions']>['offered'][string]

/** What an API without versions offers: itself, with nothing of its own. */
const unversioned: Readonly<Record<string, VersionSettings>> = { itself: {} }

class SiteCompiler {
  readonly #input: SiteInput
  readonly #diagnostics = new Map<string, Diagnostic>()
  readonly #files = new Set<string>()
  readonly #digests: string[] = []
  readonly #operations = new Set<string>()

  constructor(input: SiteInput) {
    this.#input = input
  }

  async compile(): Promise<SiteResult> {
    const { configuration, contracts, rulesDigest } = this.#input
    const table = readGuardTable(configuration, this.#report)
    const compiled: CompiledApi[] = []
    for (const [name, settings] of Object.entries(configuration.apis)) {
      const api = await this.#compileApi(name, settings, table)
      if (api === undefined) continue
      this.#checkOverlap(api, compiled)
      compiled.push(api)
    }
    this.#checkOperationNames(table)
    contracts.prune()
    if (table === undefined) return this.#result(undefined)
    const match = createMatch(compiled, this.#compileStrays(table))
    const hash = hashSite(configuration.source.tree.root, [...this.#digests, rulesDigest])
    return this.#result({ hash, apis: compiled.flatMap(({ described }) => described), match })
  }

  #result(site: Site | undefined): SiteResult {
    const diagnostics = [...this.#diagnostics.values()]
    return { site: hasErrors(diagnostics) ? undefined : site, diagnostics, files: [...this.#files] }
  }

  async #compileApi(
    name: string,
    settings: ApiSettings,
    root: GuardTable | undefined,
  ): Promise<CompiledApi | undefined> {
    const offers = await this.#loadOffers(name, settings)
    if (root === undefined || offers === undefined) return undefined
    const compiling = compileOffers({
      family: name,
      settings,
      offers,
      table: root.forApi(name, this.#report),
      services: this.#input.services,
      report: this.#report,
      reportAtApi: this.#reportAt(['apis', name]),
    })
    return { hosts: settings.hosts, family: name, ...(await inTurns(compiling)) }
  }

  /** What an API offers, each with its contract and what stands behind it; `undefined` where a contract is a mistake. */
  async #loadOffers(name: string, settings: ApiSettings): Promise<readonly Offer[] | undefined> {
    const { versions, allowNetworkRefs } = settings
    const upstream = this.#openUpstream(name, settings.upstream, ['apis', name, 'upstream'])
    const offers: Offer[] = []
    for (const [version, own] of Object.entries(versions?.offered ?? unversioned)) {
      const file = own.contract ?? settings.contract
      const contract = file === 'none' ? undefined : await this.#loadContract(file, allowNetworkRefs)
      const place = ['apis', name, 'versions', 'offered', version, 'upstream']
      const ownUpstream = own.upstream && this.#openUpstream(servedName(name, version), own.upstream, place)
      if (file !== 'none' && contract === undefined) continue
      offers.push({ version: versions && version, contract, upstream: ownUpstream ?? upstream })
    }
    return offers.length === Object.keys(versions?.offered ?? unversioned).length ? offers : undefined
  }

  #openUpstream(name: string, settings: ApiSettings['upstream'], place: readonly string[]): Upstream {
    // Renewed in place, as tools that renew certificates do: the next load makes connections with what is there then.
    const { ca, cert, key } = settings.tls
    for (const file of [ca, cert, key]) if (file !== undefined) this.#files.add(file)
    return this.#input.upstreams.open(name, settings, this.#reportAt(place))
  }

  async #loadContract(file: string, allowNetworkRefs: boolean): Promise<Contract | undefined> {
    const loaded = await this.#input.contracts.load(file, allowNetworkRefs)
    loaded.diagnostics.forEach(this.#report)
    for (const name of loaded.files) this.#files.add(name)
    this.#digests.push(loaded.digest)
    for (const { id } of loaded.contract?.operations ?? []) this.#operations.add(id)
    return loaded.contract
  }

  #checkOverlap(api: CompiledApi, others: readonly CompiledApi[]): void {
    const { family: name, matcher } = api
    const { basePath } = matcher
    const twin = others.find(
      (other) => other.matcher.basePath === basePath && shareHost(other.hosts, api.hosts),
    )
    if (twin === undefined) return
    this.#reportAt(['apis', name])({
      code: 'overlapping-apis',
      severity: 'error',
      message: `apis.${twin.family} and apis.${name} are both served under ${basePath || '/'}`,
      fix: 'give each its own hosts or basePath',
    })
  }

  /** Names of operations in settings that no contract has: misspelt, they would do nothing. */
  #checkOperationNames(root: GuardTable | undefined): void {
    // Of a contract that could not be read, no operation is known.
    if (root === undefined || hasErrors([...this.#diagnostics.values()])) return
    const { tree } = this.#input.configuration.source
    const tables = [
      root,
      ...Object.keys(this.#input.configuration.apis).map((api) => root.forApi(api, this.#report)),
    ]
    for (const definition of guardCatalog) {
      const named = tables.flatMap((table) => definition.namesOperations?.(table.get(definition)) ?? [])
      for (const name of new Set(named.filter((id) => !this.#operations.has(id)))) {
        const meant = closest(name, [...this.#operations])
        const position = tree.keyPositionOf(['guards', definition.name])
        this.#report({
          code: 'unknown-operation',
          severity: 'error',
          message: `guards.${definition.name} names the operation "${name}", which no contract has`,
          fix: meant === undefined ? 'write the operationId of an operation' : `did you mean "${meant}"?`,
          ...(position !== undefined && { position }),
        })
      }
    }
  }

  #compileStrays(table: GuardTable): Strays {
    const { services } = this.#input
    const place = {
      api: '(none)',
      family: '(none)',
      operation: undefined,
      unmatched: true,
      pathMethods: undefined,
    }
    const securitySchemes = new Map<string, SecurityScheme>()
    const steps = compileSteps({ ...place, securitySchemes, table, services, report: this.#report })
    const route = {
      api: '(none)',
      family: '(none)',
      operationId: '(none)',
      template: '(none)',
      operation: undefined,
    }
    const refuse = (problem: Problem): Plan => assemblePlan(route, steps, { kind: 'problem', problem }, table)
    return {
      notFound: refuse(defineProblem('NOT_FOUND', 'no API is served under this path')),
      misdirected: refuse(defineProblem('MISDIRECTED_REQUEST', 'no API is served under this host')),
    }
  }

  /** Guards are compiled once for every operation and see the same mistake in shared settings each time. */
  readonly #report = (diagnostic: Diagnostic): void => {
    const { code, message, position } = diagnostic
    this.#diagnostics.set(JSON.stringify([code, message, position]), diagnostic)
  }

  /** Reports with the place of a setting where the diagnostic has none. */
  #reportAt(path: readonly string[]): (diagnostic: Diagnostic) => void {
    const position = this.#input.configuration.source.tree.keyPositionOf(path)
    return (diagnostic) => {
      this.#report(position === undefined ? diagnostic : { position, ...diagnostic })
    }
  }
}

function shareHost(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 || right.length === 0) return left.length === right.length
  return left.some((host) => right.includes(host))
}
