import { DiagnosticError, Fault } from '@gateward/kernel'
import type { BodySchema, Operation } from '@gateward/openapi'
import type { Guard } from '../guards/guard.ts'
import {
  reencryptSchema,
  type ReencryptDeclaration,
} from '../guards/field-encryption/reencrypt-declaration.ts'
import type { Plan, Site, SiteApi } from '../site/site.ts'

/** A listing operation with all that rewriting its objects needs. */
export interface Listing {
  readonly api: SiteApi
  readonly declaration: ReencryptDeclaration
  readonly list: PlannedOperation
  readonly write: PlannedOperation
  /** The media type in which objects are written back, and its schema. */
  readonly schema: BodySchema
}

/** An operation with its plan and the guard that encrypts its fields. */
export interface PlannedOperation {
  readonly operation: Operation
  readonly plan: Plan
  readonly guard: Guard
}

/**
 * Finds the listing that `x-gateward: { reencrypt }` declares.
 * @throws DiagnosticError where there is none, or it cannot work
 */
export function findListing(site: Site, apiName: string, operationId: string | undefined): Listing {
  const api = site.apis.find(({ name }) => name === apiName)
  if (api === undefined)
    throw mistake(`there is no API ${apiName}`, `name one of ${site.apis.map(({ name }) => name).join(', ')}`)
  const declared = api.plans.filter(
    ({ route: { operation } }) =>
      operation?.extension?.['reencrypt'] !== undefined &&
      (operationId === undefined || operation.id === operationId),
  )
  const [plan] = declared
  if (plan === undefined || declared.length > 1)
    throw mistake(
      `${declared.length === 0 ? 'no' : 'more than one'} operation of ${apiName} declares how its objects are written back`,
      declared.length === 0
        ? 'say it in the contract, on the operation that lists them: x-gateward: { reencrypt: { items: /orders, write: changeOrder, parameters: { orderId: /id } } }'
        : `name one: --operation ${declared.map(({ route }) => route.operationId).join(' or ')}`,
    )
  const declaration = reencryptSchema.parse(plan.route.operation?.extension?.['reencrypt'])
  const writePlan = api.plans.find(({ route }) => route.operationId === declaration.write)
  if (writePlan === undefined)
    throw mistake(
      `reencrypt names the operation ${declaration.write}, and there is none`,
      'name an operationId',
    )
  const write = planned(writePlan)
  const schema = write.operation.requestBody?.classified.find(({ format }) => format === 'json')
  if (schema === undefined)
    throw mistake(
      `${declaration.write} takes no classified field`,
      'name the operation that writes the fields with x-data-class',
    )
  return { api, declaration, list: planned(plan), write, schema }
}

function planned(plan: Plan): PlannedOperation {
  const guard = plan.steps.find(({ name, mode }) => name === 'field-encryption' && mode === 'enforce')?.guard
  const { operation } = plan.route
  if (guard === undefined || operation === undefined)
    throw mistake(
      `the fields of ${plan.route.operationId} are not encrypted`,
      'classify them with x-data-class, and set guards.field-encryption.mode to enforce',
    )
  if (plan.destination.kind !== 'upstream')
    throw new Fault('UPSTREAM_UNAVAILABLE', `${plan.route.operationId} leads nowhere`, { source: 'gateway' })
  return { operation, plan, guard }
}

function mistake(message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code: 'reencrypt', severity: 'error', message, fix }])
}
