import type { Diagnostic } from '@gateward/kernel'
import type { ProtocolSettings, WireLimits } from '../guards/protocol/settings.ts'
import { hashApiKey } from '../keyring/pepper.ts'
import { fingerprint } from '../settings/fingerprint.ts'
import type { Configuration } from './configuration.ts'

/** What another start is needed for: it was changed since `started`, and goes on as it was. */
export function findRestartNeeds(running: Configuration, started: Configuration): readonly Diagnostic[] {
  return fixedSettings
    .filter(([, read]) => JSON.stringify(read(running)) !== JSON.stringify(read(started)))
    .map(([name]) => ({
      code: 'restart-needed',
      severity: 'warning',
      message: `${name} was changed and goes on as it was when the gateway started`,
      fix: 'restart the gateway to take it over',
    }))
}

/** What the server holds every message to. */
export function wireOf(configuration: Configuration): WireLimits {
  // The schema of the section `protocol` is the protocol guard's own; the catalog only knows what all guards have in common.
  return (configuration.guards['protocol'] as ProtocolSettings).wire
}

const fixedSettings: readonly (readonly [name: string, read: (configuration: Configuration) => unknown])[] = [
  ['listen', ({ listen }) => listen],
  ['admin', ({ admin }) => fingerprint(admin)],
  ['data', ({ data }) => data],
  ['trust', ({ trust }) => trust],
  ['observe', ({ observe }) => observe],
  ['anomalies', ({ anomalies }) => anomalies],
  ['events', ({ events }) => fingerprint(events)],
  ['otlp', ({ otlp }) => fingerprint(otlp)],
  ['geography', ({ geography }) => geography],
  ['keyring', ({ keyring: { pepper, ...rest } }) => [pepper && hashApiKey(pepper, ''), rest]],
  ['guards.protocol.wire', wireOf],
]
