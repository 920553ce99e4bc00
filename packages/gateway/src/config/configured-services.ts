import { endOfDay } from '../versions/plan.ts'
import { servedName } from '../versions/served-name.ts'
import type { PlanSettings } from '../versions/settings.ts'
import type { UpstreamSettings } from '../upstream/settings.ts'
import type { Configuration } from './configuration.ts'

/** What stands behind the gateway, by name: that of each API, and those of versions that have their own. */
export function upstreamsOf({
  apis,
}: Pick<Configuration, 'apis'>): Readonly<Record<string, UpstreamSettings>> {
  const found: [string, UpstreamSettings][] = []
  for (const [name, { upstream, versions }] of Object.entries(apis)) {
    found.push([name, upstream])
    for (const [version, { upstream: own }] of Object.entries(versions?.offered ?? {}))
      if (own !== undefined) found.push([servedName(name, version), own])
  }
  return Object.fromEntries(found)
}

/** A contract under the name that numbers are counted under. */
interface ConfiguredContract {
  /** The API's name, `shop@v1` where it has versions. */
  readonly api: string
  readonly family: string
  /** `none`: any path and method is served. */
  readonly file: string
  readonly allowNetworkRefs: boolean
}

/** The contract of each API, or of each of its versions. */
export function contractsOf({ apis }: Pick<Configuration, 'apis'>): readonly ConfiguredContract[] {
  return Object.entries(apis).flatMap(([family, { contract, versions, allowNetworkRefs }]) => {
    if (versions === undefined) return [{ api: family, family, file: contract, allowNetworkRefs }]
    return Object.entries(versions.offered).map(([version, { contract: own = contract }]) => ({
      api: servedName(family, version),
      family,
      file: own,
      allowNetworkRefs,
    }))
  })
}

/** Every exception of a plan that has not ended at a time, with the version that it is from. */
export function planExceptionsOf(
  { apis }: Pick<Configuration, 'apis'>,
  now: number,
): readonly (PlanSettings['exceptions'][number] & { readonly api: string; readonly endsAt: number })[] {
  return Object.entries(apis).flatMap(([family, { versions }]) =>
    Object.entries(versions?.offered ?? {}).flatMap(([version, { plan }]) =>
      (plan?.exceptions ?? [])
        .map((exception) =>
          Object.assign({}, exception, {
            api: servedName(family, version),
            endsAt: endOfDay(exception.expires),
          }),
        )
        .filter(({ endsAt }) => endsAt > now),
    ),
  )
}
