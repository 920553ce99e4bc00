import { DiagnosticError, hasErrors, systemClock, type Diagnostic, type Secret } from '@gateward/kernel'
import manifest from '../package.json' with { type: 'json' }
import type { LoadCause } from './admin/parts.ts'
import { openAdmin } from './admin/open-admin.ts'
import { ownHosts } from './admin/http/origin.ts'
import { gatewayActor } from './audit/audit-event.ts'
import type { AuditLog } from './audit/audit-log.ts'
import { auditApiKeys } from './audit/audited-api-keys.ts'
import { toUrl } from './address-url.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { checkConfiguration } from './check-configuration.ts'
import { ConfigurationLoads, ownCause } from './configuration-loads.ts'
import { dashboardFolder } from './dashboard-folder.ts'
import type { Configuration } from './config/configuration.ts'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'
import { findRestartNeeds, wireOf } from './config/restart-needs.ts'
import type { Gateway, ServedApi } from './gateway-handle.ts'
import type { GuardServices } from './guards/guard.ts'
import type { History } from './history/history.ts'
import type { ApiKeyManagement } from './keyring/api-key-management.ts'
import { createApiKeys } from './keyring/create-api-keys.ts'
import { createTiers } from './limiter/tiers.ts'
import { openLookout } from './open-lookout.ts'
import { findUnavailable, toServedApi } from './served-api.ts'
import { openAudit, openAuditChecks } from './open-audit.ts'
import { createFirstKey, manageApiKeys } from './open-api-keys.ts'
import { openParts, type Parts } from './open-parts.ts'
import { openArchive } from './open-records.ts'
import { openReview } from './open-review.ts'
import { openSampler } from './open-sampler.ts'
import { createHandler, type Handler } from './pipeline/handle.ts'
import { createListener, type Listener } from './server/listener.ts'
import { PortFailure, type ListenerName } from './server/port-failure.ts'
import { createRulesLoader } from './site/load-rules.ts'
import { createSiteHolder, type Running, type SiteHolder } from './site/reload.ts'
import { watchFiles, type FileWatch } from './site/watch-files.ts'
import { toNotice } from './to-notice.ts'
import { checkEnvironment } from './upstream/check-environment.ts'

const { version } = manifest

/** Milliseconds that exchanges under way have to end when the gateway stops. */
const drainDeadline = 30_000
const adminDrainDeadline = 1_000

/**
 * Starts a gateway and resolves when it serves.
 * @param clock what every part reads time from
 * @throws DiagnosticError with every mistake at once; then nothing runs
 */
export async function startGateway(request: ConfigurationRequest, clock = systemClock): Promise<Gateway> {
  const environment = checkEnvironment(process.env)
  const { configuration, diagnostics } = await loadConfiguration(request)
  const found = [...environment, ...diagnostics]
  if (configuration === undefined || hasErrors(found)) throw new DiagnosticError(found)
  const stack = new AsyncDisposableStack()
  try {
    const parts = await openParts(configuration, stack, clock)
    const gateway = new RunningGateway(request, configuration, parts, stack)
    await gateway.start()
    return gateway
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

class RunningGateway implements Gateway {
  addresses: Gateway['addresses'] = { https: undefined, http: undefined, admin: '' }
  warnings: readonly Diagnostic[] = []
  welcome: string | undefined
  readonly apiKeys: ApiKeyManagement
  readonly history: History
  readonly certificateAuthority: string | undefined
  readonly #parts: Parts
  readonly #stack: AsyncDisposableStack
  readonly #holder: SiteHolder
  readonly #watch: FileWatch
  readonly #handler: Handler
  readonly #request: ConfigurationRequest
  readonly #startedWith: Configuration
  readonly #audit: AuditLog
  readonly #keys: ApiKeyManagement
  readonly #loads: ConfigurationLoads
  readonly #gates: Listener[] = []
  #admin: Listener | undefined
  #draining = false

  constructor(
    request: ConfigurationRequest,
    configuration: Configuration,
    parts: Parts,
    stack: AsyncDisposableStack,
  ) {
    this.#request = request
    this.#startedWith = configuration
    this.#parts = parts
    this.#stack = stack
    this.history = parts.watch.history
    this.#audit = openAudit(parts)
    this.#loads = new ConfigurationLoads(this.#audit, parts.store.configurations, parts.clock)
    this.certificateAuthority = parts.certificates.authority
    this.#holder = stack.use(
      createSiteHolder({
        load: () => loadConfiguration(request),
        services: (configuration) => this.#servicesOf(configuration),
        rules: createRulesLoader(),
        clock: parts.clock,
        onSwap: ({ configuration }) => parts.watch.reconfigure(configuration),
        onFault: (thrown) => parts.observer.noticed(toNotice(thrown)),
      }),
    )
    stack.use(openLookout(parts, () => this.#holder.running()))
    this.#watch = stack.use(watchFiles(() => void this.reload('file-changed')))
    this.#handler = createHandler({
      site: () => this.#holder.current(),
      observer: parts.observer,
      clock: parts.clock,
    })
    this.#keys = manageApiKeys(parts, () => this.#running().configuration.environment)
    this.apiKeys = auditApiKeys(this.#keys, this.#audit, gatewayActor)
  }

  get apis(): readonly ServedApi[] {
    return this.#holder.current().apis.map(toServedApi)
  }

  async start(): Promise<void> {
    const configuration = this.#startedWith
    const diagnostics = await this.reload('start')
    if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
    this.warnings = diagnostics
    const { https, http } = configuration.listen
    this.addresses = {
      https:
        https === false
          ? undefined
          : toUrl('https', https.host, await this.#listen('https', https, https.profile)),
      http:
        http === undefined
          ? undefined
          : toUrl('http', http.host, await this.#listen('http', http, undefined)),
      admin: toUrl('https', configuration.admin.host, await this.#listenAdmin(configuration)),
    }
    this.#parts.observer.stateChanged('ready')
    this.#parts.certificates.startOrders()
  }

  createFirstKey(): Promise<Secret | undefined> {
    return createFirstKey(this.apiKeys, this.#running().configuration)
  }

  reload(reason: string): Promise<readonly Diagnostic[]> {
    return this.#reload(ownCause(reason))
  }

  async #reload(cause: LoadCause): Promise<readonly Diagnostic[]> {
    const reason = cause.source
    const { observer } = this.#parts
    const { swapped, diagnostics, hash, files } = await this.#holder.reload(reason)
    await this.#watch.replace(files)
    const running = this.#holder.running()?.configuration
    await this.#loads.note(cause, { swapped, diagnostics, hash: hash ?? '', text: running?.source.text })
    if (!swapped) {
      // A start that fails throws them to whoever started it.
      if (reason !== 'start') observer.configurationRefused(diagnostics)
      return diagnostics
    }
    observer.configurationLoaded(hash ?? '', diagnostics)
    const fixed = running === undefined ? [] : findRestartNeeds(running, this.#startedWith)
    for (const diagnostic of fixed) observer.noticed(diagnostic)
    return [...diagnostics, ...fixed]
  }

  async drain(): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    this.#parts.observer.stateChanged('draining')
    await Promise.all(this.#gates.map((gate) => gate.drain(drainDeadline)))
    // Last, so that probes can see until the end that it drains.
    await this.#admin?.drain(adminDrainDeadline)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#draining = true
    this.#parts.observer.stateChanged('stopped')
    await this.#stack.disposeAsync()
  }

  #servicesOf(configuration: Configuration): GuardServices {
    const { clock, store, pepper, shared } = this.#parts
    const { environment, anonymous, tiers } = configuration
    return {
      ...shared,
      clock,
      tiers: createTiers(tiers),
      apiKeys: createApiKeys({ store: store.apiKeys, pepper, environment, clock }),
      anonymousByDefault: anonymous,
      environment,
    }
  }

  async #listen(
    name: 'https' | 'http',
    address: { readonly host: string; readonly port: number },
    profile: 'intermediate' | 'modern' | undefined,
  ): Promise<number> {
    const handler = this.#handler
    const listener = await this.#open(name, address, profile, {
      handle: (opening, body, reply) => handler.handle(opening, body, reply),
      onUpgrade: (opening, reply, socket, head) => handler.onUpgrade(opening, reply, socket, head),
    })
    this.#gates.push(listener)
    return listener.address.port
  }

  async #listenAdmin({ admin }: Configuration): Promise<number> {
    const { observer, shared, certificates: _, ...parts } = this.#parts
    const served = this.#stack.use(
      openAdmin({
        ...parts,
        version,
        registry: observer.registry,
        audit: this.#audit,
        auditChecks: openAuditChecks(this.#parts, this.#startedWith.data),
        review: openReview(this.#parts, () => this.#running().configuration),
        apiKeys: this.#keys,
        limiter: shared.limiter,
        history: this.history,
        geography: parts.watch.geography,
        events: observer.events,
        running: () => this.#running(),
        loads: () => this.#loads.state(),
        checkConfiguration: (text) => checkConfiguration({ ...this.#request, text }),
        applyConfiguration: (text, cause) =>
          applyConfiguration(this.#request.file ?? '', text, () => this.#reload(cause)),
        services: () => this.#servicesOf(this.#running().configuration),
        unready: () => (this.#draining ? ['draining'] : findUnavailable(this.#holder.current().apis)),
        records: async () => {
          await observer.flush()
          return openArchive(this.#startedWith.data, this.#parts.store)
        },
        oidc: admin.oidc,
        metricsToken: () => this.#running().configuration.admin.metricsToken,
        hosts: ownHosts(admin.host, admin.names),
        dashboard: dashboardFolder,
        onFault: (id, thrown) => observer.noticed(toNotice(thrown, id)),
      }),
    )
    this.#admin = await this.#open('admin', admin, 'intermediate', served)
    const path = await served.welcome()
    const { port } = this.#admin.address
    if (path !== undefined) this.welcome = toUrl('https', admin.host, port) + path
    return port
  }

  async #open(
    name: ListenerName,
    { host, port }: { readonly host: string; readonly port: number },
    profile: 'intermediate' | 'modern' | undefined,
    handlers: Pick<Handler, 'handle'> & Partial<Pick<Handler, 'onUpgrade'>>,
  ): Promise<Listener> {
    const { clock, observer, certificates } = this.#parts
    const opening = createListener({
      host,
      port,
      tls:
        profile === undefined
          ? undefined
          : {
              profile,
              certificates,
              validations: name === 'https' ? certificates.validations : undefined,
            },
      wire: wireOf(this.#startedWith),
      trust: this.#startedWith.trust,
      sample: name === 'admin' ? undefined : openSampler(this.#startedWith.otlp),
      clock,
      ...handlers,
      onRefusedConnection: ({ reason, detail, address }) =>
        observer.connectionRefused(reason, detail, address),
    })
    return this.#stack.use(
      await opening.catch((error: unknown) => {
        throw new PortFailure(name, { host, port }, error)
      }),
    )
  }

  #running(): Running {
    const running = this.#holder.running()
    if (running === undefined) throw new Error('no configuration runs yet')
    return running
  }
}
