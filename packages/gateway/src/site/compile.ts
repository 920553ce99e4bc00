import { closest, defineProblem, hasErrors, inTurns, type Diagnostic, type Problem } from '@gateward/kernel'
import type { Contract, SecurityScheme } from '@gateward/openapi'
import type { Configuration } from '../config/configuration.ts'
import { guardCatalog } from '../guards/catalog.ts'
import type { GuardServices } from '../guards/guard.ts'
import { compileApi } from './compile-api.ts'
import { assemblePlan, compileSteps } from './compile-plan.ts'
import type { ContractCache } from './contract-cache.ts'
import { readGuardTable, type GuardTable } from './guard-table.ts'
import { hashSite } from './hash.ts'
import { createMatch, type HostedApi, type Strays } from './match.ts'
import { toCanonicalText } from './path-template.ts'
import type { Plan, Site, SiteApi } from './site.ts'
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

type ApiSettings = Configuration['apis'][string]

interface CompiledApi extends HostedApi {
  readonly described: SiteApi
}

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
    return this.#result({ hash, apis: compiled.map(({ described }) => described), match })
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
    const contract = settings.contract === 'none' ? undefined : await this.#loadContract(settings)
    // Renewed in place, as tools that renew certificates do: the next load makes connections with what is there then.
    const { ca, cert, key } = settings.upstream.tls
    for (const file of [ca, cert, key]) if (file !== undefined) this.#files.add(file)
    const upstream = this.#input.upstreams.open(
      name,
      settings.upstream,
      this.#reportAt(['apis', name, 'upstream']),
    )
    if (root === undefined || (settings.contract !== 'none' && contract === undefined)) return undefined
    const basePath = this.#basePathOf(name, settings, contract)
    const strip = settings.stripBasePath ? basePath : ''
    const compiling = compileApi({
      name,
      contract,
      basePath,
      destination: { kind: 'upstream', upstream, strip, prefix: '' },
      table: root.forApi(name, this.#report),
      services: this.#input.services,
      report: this.#report,
    })
    const matcher = await inTurns(compiling)
    const described: SiteApi = {
      name,
      title: contract?.title,
      contract: contract?.file,
      declaration: contract === undefined ? undefined : (pointer) => contract.declaration(pointer),
      operations: contract?.operations.length ?? 0,
      basePath,
      hosts: settings.hosts,
      upstream,
      plans: matcher.plans,
    }
    return { hosts: settings.hosts, matcher, described }
  }

  async #loadContract(settings: ApiSettings): Promise<Contract | undefined> {
    const loaded = await this.#input.contracts.load(settings.contract, settings.allowNetworkRefs)
    loaded.diagnostics.forEach(this.#report)
    for (const file of loaded.files) this.#files.add(file)
    this.#digests.push(loaded.digest)
    for (const { id } of loaded.contract?.operations ?? []) this.#operations.add(id)
    return loaded.contract
  }

  #basePathOf(api: string, settings: ApiSettings, contract: Contract | undefined): string {
    const written = settings.basePath ?? contract?.basePath ?? ''
    if (!/^(?:\/[^/{}?#\s]+)*$/.test(written)) {
      const message = `the contract's first server has the path ${written}, which no request can begin with`
      this.#reportAt(['apis', api])({
        code: 'base-path',
        severity: 'error',
        message,
        fix: `write apis.${api}.basePath, such as /v1`,
      })
    }
    return toCanonicalText(written)
  }

  #checkOverlap(api: CompiledApi, others: readonly CompiledApi[]): void {
    const { name, basePath } = api.described
    const twin = others.find(
      ({ hosts, described }) => described.basePath === basePath && shareHost(hosts, api.hosts),
    )
    if (twin === undefined) return
    this.#reportAt(['apis', name])({
      code: 'overlapping-apis',
      severity: 'error',
      message: `apis.${twin.described.name} and apis.${name} are both served under ${basePath || '/'}`,
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
    const place = { api: '(none)', operation: undefined, unmatched: true, pathMethods: undefined }
    const securitySchemes = new Map<string, SecurityScheme>()
    const steps = compileSteps({ ...place, securitySchemes, table, services, report: this.#report })
    const route = { api: '(none)', operationId: '(none)', template: '(none)', operation: undefined }
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
