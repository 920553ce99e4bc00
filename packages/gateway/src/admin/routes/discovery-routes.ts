import { customClass, dataClasses } from '../../data-classes/catalog.ts'
import { defaultConfidence, proposeClasses } from '../../discovery/propose-classes.ts'
import type { DiscoverySettings } from '../../guards/discovery/settings.ts'
import type { AdminParts } from '../parts.ts'
import type { AdminRoutes } from './route.ts'

const mostFindings = 500

/** What samples of traffic say of fields that no contract classifies. */
export function discoveryRoutes({
  discovery,
  running,
}: AdminParts): Pick<AdminRoutes, 'listDiscoveryFindings'> {
  return {
    async listDiscoveryFindings({ query }) {
      const { configuration, site } = running()
      const { mode } = configuration.guards['discovery'] as DiscoverySettings
      const found = []
      for (const { name: api, declaration } of site.apis) {
        if (declaration === undefined) continue
        const counts = await discovery.list(api)
        const values = counts.reduce((sum, { detector, count }) => (detector === '' ? sum + count : sum), 0)
        const proposals = proposeClasses({ declaration }, counts, query.confidence ?? defaultConfidence)
        found.push({ api, values, proposals })
      }
      return {
        body: {
          discovery: mode,
          apis: found.map(({ api, values, proposals }) => ({ api, values, findings: proposals.length })),
          findings: found
            .flatMap(({ api, proposals }) =>
              proposals.map(({ operations, ...proposal }) =>
                Object.assign(proposal, {
                  api,
                  operations: [...operations],
                  meaning: (dataClasses[proposal.class] ?? customClass).meaning,
                }),
              ),
            )
            .toSorted((left, right) => right.confidence - left.confidence)
            .slice(0, mostFindings),
        },
      }
    },
  }
}
