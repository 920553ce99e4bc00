import type { z } from 'zod'
import { accountOperations } from './contract/accounts.ts'
import { alertOperations } from './contract/alerts.ts'
import { anomalyOperations } from './contract/anomalies.ts'
import { apiOperations } from './contract/apis.ts'
import { auditOperations } from './contract/audit.ts'
import { configurationOperations } from './contract/configuration.ts'
import { dataClassOperations } from './contract/data-classes.ts'
import type { EndpointId } from './contract/endpoints.ts'
import { exchangeOperations } from './contract/exchanges.ts'
import { keyringOperations } from './contract/keyring.ts'
import { keyOperations } from './contract/keys.ts'
import type { AdminOperation } from './contract/operation.ts'
import { oidcOperations } from './contract/oidc.ts'
import { passkeyOperations } from './contract/passkeys.ts'
import { sessionOperations } from './contract/session.ts'
import { threatOperations } from './contract/threats.ts'
import { trafficOperations } from './contract/traffic.ts'
import { versionOperations } from './contract/versions.ts'
import { wafOperations } from './contract/waf.ts'

/** The admin API: every operation with its schemas. The OpenAPI document, the checks and the types are made from it. */
export const adminOperations = {
  ...sessionOperations,
  ...oidcOperations,
  ...passkeyOperations,
  ...accountOperations,
  ...apiOperations,
  ...trafficOperations,
  ...threatOperations,
  ...exchangeOperations,
  ...keyOperations,
  ...versionOperations,
  ...wafOperations,
  ...dataClassOperations,
  ...keyringOperations,
  ...alertOperations,
  ...anomalyOperations,
  ...configurationOperations,
  ...auditOperations,
} as const satisfies Readonly<Record<EndpointId, AdminOperation>>

type Operations = typeof adminOperations

/** What an operation takes and gives, for clients and for routes. */
export type AdminPath<Id extends EndpointId> = Part<Operations[Id], 'path'>
export type AdminQuery<Id extends EndpointId> = Part<Operations[Id], 'query'>
export type AdminBody<Id extends EndpointId> = Part<Operations[Id], 'body'>
export type AdminAnswer<Id extends EndpointId> = Part<Operations[Id], 'answer'>

/** Operations that change something. */
export type ChangingId = {
  [Id in EndpointId]: Operations[Id] extends { readonly changes: object } ? Id : never
}[EndpointId]

/** Operations that go on telling. */
export type StreamingId = {
  [Id in EndpointId]: Operations[Id] extends { readonly stream: true } ? Id : never
}[EndpointId]

type Part<Operation, Name extends string> = Operation extends {
  readonly [Key in Name]: z.ZodType<infer Value>
}
  ? Value
  : undefined
