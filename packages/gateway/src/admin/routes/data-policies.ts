import { customClass, dataClasses } from '../../data-classes/catalog.ts'
import { fieldEncryptionGuard } from '../../guards/field-encryption/guard.ts'
import { maskingGuard } from '../../guards/masking/guard.ts'
import { readGuardTable, type GuardTable } from '../../site/guard-table.ts'
import type { Running } from '../../site/reload.ts'
import type { SiteApi } from '../../site/site.ts'
import type { AdminAnswer } from '../contract.ts'

type Policy = AdminAnswer<'listDataClasses'>['policies'][number]
type Place = AdminAnswer<'listDataClasses'>['classes'][number]['places'][number]['in']

/** One thing that a contract classifies. */
export interface ClassifiedPlace {
  readonly name: string
  readonly operation: string
  readonly in: Place
}

/**
 * What becomes of each class in each API, by the settings that hold there: of operations that differ each way is a row of its own.
 * @param placesOf what the contract of an API classifies
 */
export function dataPolicies(
  { configuration, site }: Pick<Running, 'configuration' | 'site'>,
  placesOf: (api: SiteApi) => readonly ClassifiedPlace[],
): readonly Policy[] {
  // What runs was read without a mistake.
  const root = readGuardTable(configuration, () => {})
  if (root === undefined) return []
  return site.apis.flatMap((api) =>
    policiesOf(
      api,
      root.forApi(api.family, () => {}),
      placesOf(api),
    ),
  )
}

function policiesOf(api: SiteApi, table: GuardTable, places: readonly ClassifiedPlace[]): readonly Policy[] {
  const tables = new Map(
    api.plans.map(({ route: { operation, operationId } }) => [
      operationId,
      operation === undefined ? table : table.forOperation(operation, () => {}),
    ]),
  )
  const policies = new Map<string, Policy>()
  for (const { name, operation, in: place } of places) {
    const treatment = treatmentOf(name, tables.get(operation) ?? table)
    const key = JSON.stringify([name, treatment])
    const policy = policies.get(key) ?? {
      api: api.name,
      class: name,
      ...treatment,
      requests: 0,
      answers: 0,
      parameters: 0,
    }
    policies.set(key, counted(policy, place))
  }
  return [...policies.values()].sort((left, right) => left.class.localeCompare(right.class))
}

function treatmentOf(name: string, table: GuardTable): Pick<Policy, 'protection' | 'conceal'> {
  const encryption = table.get(fieldEncryptionGuard)
  const masking = table.get(maskingGuard)
  const entry = dataClasses[name] ?? customClass
  return {
    protection: encryption.mode === 'enforce' ? (encryption.classes[name] ?? entry.protect) : 'off',
    conceal: masking.mode === 'enforce' ? (masking.classes[name]?.conceal ?? entry.conceal) : 'nothing-done',
  }
}

function counted(policy: Policy, place: Place): Policy {
  const { requests, answers, parameters } = policy
  if (place === 'request') return { ...policy, requests: requests + 1 }
  return place === 'answer' ? { ...policy, answers: answers + 1 } : { ...policy, parameters: parameters + 1 }
}
