import { z } from 'zod'
import { trustSettings } from '../exchange/client-address-settings.ts'
import { alertSettings } from '../alerting/settings.ts'
import { anomalySettings } from '../anomaly/settings.ts'
import { geographySettings } from '../geography/settings.ts'
import { guardCatalog } from '../guards/catalog.ts'
import { authenticationSettings } from '../guards/authentication/settings.ts'
import type { GuardDefinition, GuardSettings } from '../guards/guard.ts'
import { path } from '../settings/references.ts'
import { eventSettings } from '../sinks/settings.ts'
import { tiersSettings } from '../limiter/tiers-settings.ts'
import { observeSettings } from '../observe/settings.ts'
import { otlpSettings } from '../otlp/settings.ts'
import { upstreamSettings } from '../upstream/settings.ts'
import { apiName, apiSettings } from './api-settings.ts'
import { keyringSettings } from './keyring-settings.ts'
import { adminSettings, listenSettings } from './listen-settings.ts'

const environmentSetting = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, { error: 'write one word in lower case, such as test or live' })
  .default('live')
  .describe('What API keys are made for, and part of them: a key of another environment is refused.')

const storeSetting = z
  .string()
  .refine((text) => text === 'sqlite', { error: 'this version stores in SQLite alone; write sqlite' })
  .default('sqlite')
  .describe('Where API keys, quotas and records last: sqlite, in the folder `data`.')

const countersSetting = z
  .string()
  .refine((text) => text === 'memory', { error: 'this version counts in memory alone; write memory' })
  .default('memory')
  .describe('Where rates are counted: memory, in this process; quotas are also kept in the store.')

/** The whole configuration: the sections of all parts, strict on every level. */
export const configurationSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  environment: environmentSetting,
  listen: listenSettings.prefault({}).describe('Where clients reach the gateway.'),
  admin: adminSettings.prefault({}).describe('Where operators reach the gateway, over TLS.'),
  data: path()
    .prefault('./data')
    .describe('The folder of the embedded store, the keyring and the development certificates.'),
  store: storeSetting,
  keyring: keyringSettings.prefault({}).describe("The gateway's own secrets."),
  counters: countersSetting,
  trust: trustSettings.prefault({}).describe('Whom the gateway believes about where a request came from.'),
  apis: z
    .record(apiName, apiSettings(upstreamSettings, guardCatalog))
    .refine((apis) => Object.keys(apis).length > 0, { error: 'no API is named, so nothing would be served' })
    .describe('The APIs behind the gateway, by name.'),
  anonymous: z
    .boolean()
    .default(false)
    .describe(
      'Whether operations that declare no `security` are open to everybody; else they need an API key.',
    ),
  authentication: authenticationSettings.prefault({}).describe('Who is believed to say who calls.'),
  tiers: tiersSettings,
  guards: guardsSettings(guardCatalog)
    .prefault({})
    .describe("The guards' settings, in the order in which they are asked."),
  observe: observeSettings.prefault({}).describe('Log, records and metrics.'),
  alerts: alertSettings.prefault({}).describe('Who is told when something needs a person.'),
  anomalies: anomalySettings.prefault({}).describe('Traffic that is not as it was.'),
  events: eventSettings.prefault({}).describe('Where events go.'),
  otlp: otlpSettings.prefault({}).describe('Traces, metrics and logs for OpenTelemetry.'),
  geography: geographySettings.prefault({}).describe('What is known of where addresses are.'),
})

/** What a valid configuration file says, with every default filled in. */
export type Settings = z.output<typeof configurationSchema>

function guardsSettings(catalog: readonly GuardDefinition[]) {
  return z.strictObject(
    Object.fromEntries(
      catalog.map(({ name, settings }): [string, z.ZodType<GuardSettings>] => [
        name,
        (settings as z.ZodType<GuardSettings, Record<string, unknown>>).prefault({}),
      ]),
    ),
  )
}
