import { defineProblem } from '@gateward/kernel'
import { guardOrder, refusingGuards } from '../../guards/catalog.ts'
import type { Plan, SiteApi } from '../../site/site.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type Status = AdminAnswer<'getStatus'>
type Mode = Status['guards'][number]['mode']

/** What runs, the APIs behind the gateway and their operations. */
export function apiRoutes(parts: AdminParts): Pick<AdminRoutes, 'getStatus' | 'listApis' | 'listOperations'> {
  const { clock, loads, running, startedAt, unready, version } = parts
  return {
    getStatus() {
      const { site, configuration } = running()
      const { loadedAt, warnings, refused } = loads()
      const { file } = configuration.source
      const guards = guardOrder.map((guard) => ({ guard, mode: modeOf(configuration.guards[guard]) }))
      return {
        body: {
          version,
          startedAt: toMoment(startedAt),
          now: toMoment(clock.now()),
          configuration: {
            hash: site.hash,
            loadedAt: toMoment(loadedAt),
            file,
            warnings: warnings.length,
            refused: refused && {
              at: toMoment(refused.at),
              diagnostics: refused.diagnostics.slice(0, 20).map(({ message }) => ({ message })),
            },
          },
          guards,
          notEnforced: [
            ...guards.flatMap(({ guard, mode }) =>
              mode === 'off' && refusingGuards.includes(guard)
                ? [{ guard, mode, operations: countOf(site.apis) }]
                : [],
            ),
            ...site.apis.flatMap(shadowsOf),
          ],
          unready: [...unready()],
        },
      }
    },

    listApis: () => ({ body: { apis: running().site.apis.map(describeApi) } }),

    listOperations({ path: { api } }) {
      const found = running().site.apis.find(({ name }) => name === api)
      if (found === undefined) return refuse(noApi)
      return { body: { operations: found.plans.map(describePlan) } }
    },
  }
}

function describeApi(api: SiteApi): AdminAnswer<'listApis'>['apis'][number] {
  const { name, title, contract, operations, basePath, hosts, upstream } = api
  const { available, breaker, targets } = upstream.status()
  return {
    name,
    title,
    contract,
    operations,
    basePath,
    hosts: [...hosts],
    available,
    breaker,
    targets: targets.map(({ url, healthy, inFlight, connections, queued }) => ({
      url: url.replace(/\/\/[^/?#\s@]*@/, '//'),
      healthy,
      inFlight,
      connections,
      queued,
    })),
  }
}

function describePlan({ route, steps }: Plan): AdminAnswer<'listOperations'>['operations'][number] {
  const { operationId, template, operation } = route
  const security = operation?.security?.map((all) =>
    all.map(({ scheme, scopes }) => ({ scheme, scopes: [...scopes] })),
  )
  return {
    id: operationId,
    method: operation?.method ?? '*',
    path: template,
    deprecated: operation?.deprecated ?? false,
    security,
    guards: steps.map(({ name, mode }) => ({ guard: name, mode })),
    declaredAt: operation && { file: operation.position.file, line: operation.position.line },
  }
}

/** The guards of an API that only look on, and for how many of its operations. */
function shadowsOf({ name: api, plans }: SiteApi): Status['notEnforced'] {
  const shadows = plans.flatMap(({ steps }) => steps.filter(isShadow))
  const byGuard = Map.groupBy(shadows, ({ name }) => name)
  return [...byGuard].map(([guard, steps]) => ({ guard, mode: 'shadow', api, operations: steps.length }))
}

function isShadow({ name, mode }: Plan['steps'][number]): boolean {
  return mode === 'shadow' && refusingGuards.includes(name)
}

function countOf(apis: readonly SiteApi[]): number {
  return apis.reduce((sum, { operations }) => sum + operations, 0)
}

function modeOf(settings: { readonly mode: Mode } | undefined): Mode {
  return settings?.mode ?? 'off'
}

const noApi = defineProblem('NOT_FOUND', 'the configuration has no such API')
