import type { Operation } from '@gateward/openapi'
import { customClass, dataClasses, revealScopes } from '../../data-classes/catalog.ts'
import type { FieldEncryptionSettings } from '../../guards/field-encryption/settings.ts'
import type { MaskingSettings } from '../../guards/masking/settings.ts'
import { searchRecords } from '../../observe/records/search-records.ts'
import type { SiteApi } from '../../site/site.ts'
import type { ApiKeyRecord } from '../../store/api-key-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { Recent, shared } from '../recent.ts'
import { dataPolicies } from './data-policies.ts'
import { disclosuresOf } from './exchange-filter.ts'
import type { AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type DataClass = AdminAnswer<'listDataClasses'>['classes'][number]
type Place = DataClass['places'][number]

const day = 86_400_000
const mostKeys = 1_000
const nothing = { revealed: 0, concealed: 0 } as const

/** The classes of personal data that contracts declare. */
export function dataClassRoutes(parts: AdminParts): Pick<AdminRoutes, 'listDataClasses'> {
  const { apiKeys, clock, running } = parts
  const searches = new Recent<DisclosureSearch>(clock, shared.life, shared.most)
  return {
    async listDataClasses({ query }) {
      const { configuration, site } = running()
      // Schemas of sections are the guards' own; the catalog only knows what all guards have in common.
      const masking = configuration.guards['masking'] as MaskingSettings
      const encryption = configuration.guards['field-encryption'] as FieldEncryptionSettings
      const since = query.since ?? toMoment(clock.now() - day)
      const [{ counts, searchedDownTo }, keys] = await Promise.all([
        searches.get(query.since ?? 'a day', () => countDisclosures(parts, since)),
        apiKeys.list({ limit: mostKeys }),
      ])
      const now = clock.now()
      const working = keys.filter(({ state, expiresAt }) => state === 'active' && expiresAt > now)
      const places = Map.groupBy(site.apis.flatMap(placesOf), ({ name }) => name)
      return {
        body: {
          masking: masking.mode,
          encryption: encryption.mode,
          since,
          searchedDownTo,
          policies: [
            ...dataPolicies({ configuration, site }, (api) =>
              placesOf(api).map(({ name, place }) => ({ name, operation: place.operation, in: place.in })),
            ),
          ],
          classes: [...places]
            .map(([name, found]) =>
              Object.assign(describe(name, masking, encryption, working), {
                places: found.map(({ place }) => place),
                ...(counts.get(name) ?? nothing),
              }),
            )
            .toSorted((left, right) => left.name.localeCompare(right.name)),
        },
      }
    },
  }
}

function describe(
  name: string,
  masking: MaskingSettings,
  encryption: FieldEncryptionSettings,
  keys: readonly ApiKeyRecord[],
): Omit<DataClass, 'places' | 'revealed' | 'concealed'> {
  const entry = dataClasses[name] ?? customClass
  const own = masking.classes[name]
  const scopes = [...(own?.reveal ?? revealScopes(name))]
  return {
    name,
    meaning: entry.meaning,
    protection: encryption.classes[name] ?? entry.protect,
    conceal: own?.conceal ?? entry.conceal,
    scopes,
    keys: keys
      .filter((key) => key.scopes.some((scope) => scopes.includes(scope)))
      .map(({ id, display, consumer }) => ({ id, display, consumer })),
  }
}

interface Found {
  readonly name: string
  readonly place: Place
}

/** Every place of an API's contract in which something is classified; a field of several media types is told once. */
function placesOf({ name: api, plans }: SiteApi): readonly Found[] {
  return plans.flatMap(({ route: { operation, operationId, template } }) => {
    if (operation === undefined) return []
    const { method, position } = operation
    const declaredAt = { file: position.file, line: position.line }
    const found = fieldsOf(operation).map(({ field: { class: name, name: field, index }, in: place }) => ({
      name,
      place: { api, operation: operationId, method, path: template, in: place, field, index, declaredAt },
    }))
    return [
      ...new Map(found.map((each) => [`${each.name} ${each.place.in} ${each.place.field}`, each])).values(),
    ]
  })
}

function fieldsOf({ parameters, requestBody, responses }: Operation) {
  const inBodies = (place: 'request' | 'answer', bodies: Operation['responses'][number]['classified']) =>
    bodies.flatMap(({ classified }) => (classified?.fields ?? []).map((field) => ({ field, in: place })))
  return [
    ...parameters.classified.map(({ in: place, field }) => ({ field, in: place })),
    ...inBodies('request', requestBody?.classified ?? []),
    ...responses.flatMap(({ classified }) => inBodies('answer', classified)),
  ]
}

interface Disclosures {
  revealed: number
  concealed: number
}

interface DisclosureSearch {
  readonly counts: ReadonlyMap<string, Disclosures>
  readonly searchedDownTo: string
}

/** How many values of each class went out as they are, and how many concealed, as far as one search of records goes. */
async function countDisclosures({ records }: AdminParts, since: string): Promise<DisclosureSearch> {
  const counts = new Map<string, Disclosures>()
  const page = await searchRecords(await records(), {
    matches: (record) => {
      for (const { dataClass, revealed, concealed } of disclosuresOf(record)) {
        const sum = counts.get(dataClass) ?? { revealed: 0, concealed: 0 }
        counts.set(dataClass, { revealed: sum.revealed + revealed, concealed: sum.concealed + concealed })
      }
      return false
    },
    isBeyond: ({ time }) => time < since,
    limit: 1,
    cursor: undefined,
  })
  return { counts, searchedDownTo: page.next === undefined ? since : (page.searchedDownTo ?? since) }
}
