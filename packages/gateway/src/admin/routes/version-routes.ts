import { defineProblem } from '@gateward/kernel'
import { describeCallers, describeVersions } from '../../site/describe-versions.ts'
import { concernOf } from '../../site/version-concerns.ts'
import { callerFacts, versionFacts } from '../../site/version-facts.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'

/** Versions that are near to refusing what somebody still asks. */
const soon = 14 * 86_400_000

/** The versions of APIs, and who calls them. */
export function versionRoutes({
  clock,
  running,
  store,
}: AdminParts): Pick<AdminRoutes, 'listVersions' | 'listCallers'> {
  return {
    async listVersions() {
      const now = clock.now()
      const statuses = await describeVersions(running().site.apis, store.versions, now)
      const versions = statuses.map((status) =>
        Object.assign(versionFacts(status, now), { concern: concernOf(status, now, soon) }),
      )
      return { body: { versions } }
    },

    async listCallers({ path: { api } }) {
      const { apis } = running().site
      const found = apis.find(({ name, version }) => name === api && version !== undefined)
      if (found === undefined) return refuse(noVersion)
      const callers = await describeCallers(found, apis, store.versions, clock.now())
      return { body: { callers: callers.map(callerFacts) } }
    },
  }
}

const noVersion = defineProblem('NOT_FOUND', 'no API of the configuration has such a version')
