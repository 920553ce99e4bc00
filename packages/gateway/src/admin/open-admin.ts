import type { Clock, Secret } from '@gateward/kernel'
import type { Registry } from 'prom-client'
import { createAlertManagement } from '../alerting/alert-management.ts'
import { createAnomalyManagement } from '../anomaly/anomaly-management.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { OidcSettings } from '../config/oidc-settings.ts'
import type { VerifyOptions } from '../audit/verify-chain.ts'
import type { Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import type { Geography } from '../geography/geography.ts'
import type { GuardServices } from '../guards/guard.ts'
import type { History } from '../history/history.ts'
import type { ApiKeyManagement } from '../keyring/api-key-management.ts'
import type { Pepper } from '../keyring/pepper.ts'
import type { Limiter } from '../limiter/limiter.ts'
import type { EventBus } from '../observe/events/event-bus.ts'
import type { Running } from '../site/reload.ts'
import type { Store } from '../store/store.ts'
import { Invitations } from './access/invitations.ts'
import { LoginLimits } from './access/login-limits.ts'
import { OidcLogin } from './access/oidc/oidc-login.ts'
import { Passkeys } from './access/passkeys.ts'
import { Passwords } from './access/password.ts'
import { Sessions } from './access/sessions.ts'
import { apiRoot } from './contract/endpoints.ts'
import { createAdminHandler } from './admin-handler.ts'
import { AdminApi } from './http/api.ts'
import { Live } from './http/live.ts'
import { createEndpointTable } from './http/compile-endpoints.ts'
import { readStaticFiles } from './http/static-files.ts'
import type { AdminParts, LoadState } from './parts.ts'
import { Probes } from './probes.ts'
import { accountRoutes } from './routes/account-routes.ts'
import { alertRoutes } from './routes/alert-routes.ts'
import { anomalyRoutes } from './routes/anomaly-routes.ts'
import { apiRoutes } from './routes/api-routes.ts'
import { ownSessionRoutes } from './routes/own-session-routes.ts'
import { versionRoutes } from './routes/version-routes.ts'
import { auditRoutes } from './routes/audit-routes.ts'
import { configurationRoutes } from './routes/configuration-routes.ts'
import { dataClassRoutes } from './routes/data-class-routes.ts'
import { discoveryRoutes } from './routes/discovery-routes.ts'
import { eventRoutes } from './routes/event-routes.ts'
import { exchangeRoutes } from './routes/exchange-routes.ts'
import { keyringRoutes } from './routes/keyring-routes.ts'
import { keyRoutes } from './routes/key-routes.ts'
import { oidcRoutes } from './routes/oidc-routes.ts'
import { passkeyRoutes } from './routes/passkey-routes.ts'
import { sessionRoutes } from './routes/session-routes.ts'
import { threatRoutes } from './routes/threat-routes.ts'
import { trafficRoutes } from './routes/traffic-routes.ts'
import { tuningRoutes } from './routes/tuning-routes.ts'
import { wafRoutes } from './routes/waf-routes.ts'

/** What the admin address needs of the gateway. */
export interface AdminInput {
  readonly clock: Clock
  readonly version: string
  readonly registry: Registry
  readonly discovery: AdminParts['discovery']
  readonly store: Store
  readonly audit: AuditLog
  readonly auditChecks: () => Promise<VerifyOptions>
  readonly review: AdminParts['review']
  readonly apiKeys: ApiKeyManagement
  readonly pepper: Pepper
  readonly rotateDataKey: AdminParts['rotateDataKey']
  readonly limiter: Limiter
  readonly history: History
  readonly geography: Geography
  readonly events: EventBus
  readonly running: () => Running
  readonly loads: () => LoadState
  readonly checkConfiguration: AdminParts['checkConfiguration']
  readonly applyConfiguration: AdminParts['applyConfiguration']
  readonly services: () => GuardServices
  readonly unready: () => readonly string[]
  readonly records: AdminParts['records']
  /** An OpenID provider at which people log in. */
  readonly oidc: OidcSettings | undefined
  readonly metricsToken: () => Secret | undefined
  /** The host names under which the address is reached. */
  readonly hosts: ReadonlySet<string>
  /** The folder of the built dashboard. */
  readonly dashboard: string
  readonly onFault: (requestId: string, thrown: unknown) => void
}

/** The admin address: its handler, and the link for the first admin. */
export interface Admin extends AsyncDisposable {
  readonly handle: (opening: Opening, body: RequestBodySource, reply: Reply) => void
  /** The path of a one-time link, good for 15 minutes; `undefined` where somebody can log in already. */
  welcome(): Promise<string | undefined>
}

/** Puts the admin address together; its contract is compiled when it is first asked for. */
export function openAdmin(input: AdminInput): Admin {
  const { clock, store, pepper, limiter, registry, unready, metricsToken, hosts } = input
  const sessions = new Sessions({ accounts: store.accounts, pepper, clock })
  const oidc = input.oidc && new OidcLogin(input.oidc, clock)
  const live = new Live(input.events, clock)
  const invitations = new Invitations(store.accounts, clock)
  const parts: AdminParts = {
    ...input,
    startedAt: clock.now(),
    sessions,
    invitations,
    passkeys: new Passkeys(store.accounts, clock),
    oidc,
    passwords: new Passwords(),
    loginLimits: new LoginLimits(limiter),
    alerts: createAlertManagement(store.alerts, clock),
    anomalies: createAnomalyManagement(store.anomalies, clock),
    live,
  }
  const endpoints = createEndpointTable(input.version, input.services)
  const api = new AdminApi({ ...input, endpoints, sessions, routes: createRoutes(parts) })
  return {
    handle: createAdminHandler({
      probes: new Probes({ registry, unready, metricsToken }),
      api,
      endpoints,
      files: readStaticFiles(input.dashboard),
      hosts,
    }),
    async [Symbol.asyncDispose]() {
      live[Symbol.dispose]()
      await oidc?.[Symbol.asyncDispose]()
    },
    async welcome() {
      const code = await invitations.welcome()
      // Its names may be of any script, which takes a tenth of a second to compile; nobody waits at the gate yet.
      if (code !== undefined)
        await endpoints.find('POST', `${apiRoot}/invitations/redeem`)?.endpoint?.checks()
      return code === undefined ? undefined : `/welcome/${code}`
    },
  }
}

function createRoutes(parts: AdminParts) {
  return {
    ...sessionRoutes(parts),
    ...oidcRoutes(parts),
    ...passkeyRoutes(parts),
    ...accountRoutes(parts),
    ...apiRoutes(parts),
    ...trafficRoutes(parts),
    ...threatRoutes(parts),
    ...eventRoutes(parts),
    ...exchangeRoutes(parts),
    ...keyRoutes(parts),
    ...wafRoutes(parts),
    ...tuningRoutes(parts),
    ...dataClassRoutes(parts),
    ...versionRoutes(parts),
    ...ownSessionRoutes(parts),
    ...discoveryRoutes(parts),
    ...keyringRoutes(parts),
    ...alertRoutes(parts),
    ...anomalyRoutes(parts),
    ...configurationRoutes(parts),
    ...auditRoutes(parts),
  }
}
