import { DiagnosticError, hasErrors, systemClock } from '@gateward/kernel'
import { loadContract } from '@gateward/openapi'
import { contractsOf } from './config/configured-services.ts'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'
import { proposeClasses, type ClassProposal } from './discovery/propose-classes.ts'
import { openKeyring } from './open-keyring.ts'

/** What was found in the traffic of one API. */
export interface ApiDiscovery {
  readonly api: string
  /** Different values that were looked at; 0 where nothing was sampled yet. */
  readonly values: number
  readonly proposals: readonly ClassProposal[]
}

/** Which APIs are told of, and from which confidence on. */
export interface DiscoveryRequest {
  readonly configuration: ConfigurationRequest
  /** `undefined`: all that have a contract. */
  readonly api: string | undefined
  /** 0 to 1. */
  readonly leastConfidence: number
  /** Forgets what was counted before. */
  readonly reset: boolean
}

/**
 * Tells which fields of contracts seem to carry personal data that is not declared, from what gateways of this data
 * folder have counted in samples of their traffic.
 * @throws DiagnosticError where configuration or contract have mistakes, or there is no such API
 */
export async function discoverFields(request: DiscoveryRequest): Promise<readonly ApiDiscovery[]> {
  const { configuration, diagnostics } = await loadConfiguration(request.configuration)
  if (configuration === undefined || hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
  await using stack = new AsyncDisposableStack()
  const { store } = await openKeyring(configuration, systemClock, stack)
  const contracts = contractsOf(configuration)
  const asked = contracts.filter(
    ({ api, family }) => request.api === undefined || api === request.api || family === request.api,
  )
  if (asked.length === 0)
    throw noSuchApi(
      request.api ?? '',
      contracts.map(({ api }) => api),
    )
  const found: ApiDiscovery[] = []
  for (const { api, file, allowNetworkRefs } of asked) {
    if (file === 'none') continue
    const { contract, diagnostics: mistakes } = await loadContract(
      { file },
      { allowNetwork: allowNetworkRefs },
    )
    if (contract === undefined) throw new DiagnosticError(mistakes)
    if (request.reset) await store.discovery.clear(api)
    const counts = await store.discovery.list(api)
    const values = counts.reduce((sum, { detector, count }) => (detector === '' ? sum + count : sum), 0)
    found.push({ api, values, proposals: proposeClasses(contract, counts, request.leastConfidence) })
  }
  return found
}

function noSuchApi(api: string, known: readonly string[]): DiagnosticError {
  return new DiagnosticError([
    {
      code: 'discover',
      severity: 'error',
      message: `there is no API ${api}`,
      fix: `name one of ${known.join(', ')}`,
    },
  ])
}
