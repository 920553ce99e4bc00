import { DiagnosticError, hasErrors, systemClock } from '@gateward/kernel'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'
import { openKeyring } from './open-keyring.ts'
import { openSite } from './open-site.ts'
import {
  describeCallers,
  describeVersions,
  type VersionCaller,
  type VersionStatus,
} from './site/describe-versions.ts'
import { concernOf } from './site/version-concerns.ts'
import { callerFacts, versionFacts } from './site/version-facts.ts'

/** Which versions are told of. */
export interface VersionsRequest {
  readonly configuration: ConfigurationRequest
  /** An API, or one of its versions as `shop@v1`; `undefined`: all. */
  readonly api: string | undefined
  /** Milliseconds: a stage that begins to refuse within them needs somebody's eyes while somebody calls. */
  readonly within: number
}

/** A version with who calls it, and why it needs somebody. */
export interface ListedVersion extends VersionStatus {
  readonly consumers: readonly VersionCaller[]
  readonly concern: string | undefined
  /** The same for programs. */
  readonly facts: object
}

/**
 * Tells how the versions of a configuration stand, and who has called them through the gateways of this data folder.
 * @throws DiagnosticError where configuration or contracts have mistakes, or there is no such API
 */
export async function listVersions({
  configuration: request,
  api,
  within,
}: VersionsRequest): Promise<readonly ListedVersion[]> {
  const { configuration, diagnostics } = await loadConfiguration(request)
  if (configuration === undefined || hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
  await using stack = new AsyncDisposableStack()
  const keyring = await openKeyring(configuration, systemClock, stack)
  const { site, diagnostics: found } = await openSite(configuration, diagnostics, keyring, systemClock, stack)
  if (site === undefined) throw new DiagnosticError(found)
  const now = systemClock.now()
  const { versions } = keyring.store
  const listed: ListedVersion[] = []
  for (const status of await describeVersions(site.apis, versions, now)) {
    const served = site.apis.find(({ name }) => name === status.api)
    if (served === undefined || (api !== undefined && api !== status.api && api !== status.family)) continue
    const consumers = await describeCallers(served, site.apis, versions, now)
    const concern = concernOf(status, now, within)
    const facts = { ...versionFacts(status, now), concern, consumers: consumers.map(callerFacts) }
    listed.push({ ...status, consumers, concern, facts })
  }
  if (listed.length === 0 && api !== undefined)
    throw noSuchVersion(
      api,
      site.apis.map(({ name }) => name),
    )
  return listed
}

function noSuchVersion(api: string, known: readonly string[]): DiagnosticError {
  return new DiagnosticError([
    {
      code: 'no-such-version',
      severity: 'error',
      message: `${api} is no API with versions, and no version of one`,
      fix: `name one of ${known.filter((name) => name.includes('@')).join(', ') || '(no API has versions)'}`,
    },
  ])
}
