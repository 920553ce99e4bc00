export { checkConfiguration, type ConfigurationCheck } from './check-configuration.ts'
export type { Configuration } from './config/configuration.ts'
export type { ServeFlags } from './config/flags.ts'
export { configurationJsonSchema } from './config/json-schema.ts'
export { loadConfiguration, type ConfigurationReading, type ConfigurationRequest } from './config/load.ts'
export { printConfiguration } from './config/print.ts'
export { configurationReference } from './config/reference.ts'
export {
  openApiKeyManagement,
  startGateway,
  type Gateway,
  type KeyringLocation,
  type ServedApi,
} from './gateway.ts'
export { diagnose } from './doctor/diagnose.ts'
export type { Finding } from './doctor/finding.ts'
export { guardOrder } from './guards/catalog.ts'
export { defineGuard, type Guard, type GuardDefinition, type Verdict } from './guards/guard.ts'
export type { ApiKeyManagement, NewApiKey } from './keyring/api-key-management.ts'
export { explain } from './observe/explain.ts'
export { findRecord, type ExchangeRecord } from './observe/find-record.ts'
export { findPortFailure } from './server/find-port-failure.ts'
export { PortFailure } from './server/port-failure.ts'
export type { ApiKeyRecord } from './store/api-key-store.ts'
