import type { Clock, Diagnostic } from '@gateward/kernel'
import { PooledUpstream } from './pooled-upstream.ts'
import type { UpstreamSettings } from './settings.ts'
import { readTlsOptions } from './tls-options.ts'
import type { Upstream } from './upstream.ts'
import { checkUpstream } from './check-upstream.ts'

/** What an upstream needs of the gateway. */
export interface UpstreamServices {
  readonly clock: Clock
  /** Called with every mistake in the settings and the files they name; after an error the upstream must not be used. */
  report(diagnostic: Diagnostic): void
}

/** Makes a service that can be forwarded to. It opens no connection before the first request, but for its health checks. */
export function createUpstream(
  name: string,
  settings: UpstreamSettings,
  services: UpstreamServices,
): Upstream {
  const report = (diagnostic: Diagnostic): void => services.report(diagnostic)
  checkUpstream(name, settings, services.clock).forEach(report)
  return new PooledUpstream(name, settings, readTlsOptions(name, settings.tls, report), services.clock)
}
