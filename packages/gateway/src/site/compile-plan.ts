import type { Diagnostic } from '@gateward/kernel'
import type { Operation, SecurityScheme } from '@gateward/openapi'
import type { Route } from '../exchange/route.ts'
import { authenticationGuard } from '../guards/authentication/guard.ts'
import { guardCatalog } from '../guards/catalog.ts'
import { pass, type Guard, type GuardServices } from '../guards/guard.ts'
import { protocolGuard } from '../guards/protocol/guard.ts'
import type { ProtocolSettings } from '../guards/protocol/settings.ts'
import { validationGuard } from '../guards/validation/guard.ts'
import type { ServedVersion } from '../versions/served-version.ts'
import type { GuardTable } from './guard-table.ts'
import type { BodyBounds, Destination, Plan, Step } from './site.ts'

/** What the guards of a plan are compiled from. */
export interface StepsInput {
  readonly api: string
  readonly family: string
  readonly version?: ServedVersion | undefined
  readonly table: GuardTable
  readonly operation: Operation | undefined
  /** Whether the plan ends in a refusal instead of the upstream. */
  readonly unmatched: boolean
  /** The methods that the contract offers at the path; `undefined` without a contract or such a path. */
  readonly pathMethods: readonly string[] | undefined
  readonly securitySchemes: ReadonlyMap<string, SecurityScheme>
  readonly services: GuardServices
  readonly report: (diagnostic: Diagnostic) => void
}

/** Compiles the guards of one operation, in the catalog's order; those that are off or have nothing to do are left out. */
export function compileSteps(input: StepsInput): readonly Step[] {
  const { table, ...rest } = input
  const steps = guardCatalog.flatMap((definition, place): Step[] => {
    const settings = table.get(definition)
    const { mode, onFault } = settings
    if (mode === 'off') return []
    const guard = definition.compile({ ...rest, settings })
    return guard === undefined ? [] : [{ name: definition.name, place, mode, onFault, guard }]
  })
  return steps.toSpliced(
    steps.findLastIndex(({ place }) => place <= authenticationPlace) + 1,
    0,
    ...steps.flatMap(identifiedStep),
  )
}

const authenticationPlace = guardCatalog.findIndex((definition) => definition === authenticationGuard)

/** The second question to a guard that stands before authentication, as a step of its own where the caller is known. */
function identifiedStep({ guard, ...step }: Step): readonly Step[] {
  if (guard.onIdentified === undefined) return []
  const onRequest: Guard['onRequest'] = (exchange) => guard.onIdentified?.(exchange) ?? pass
  return [{ ...step, place: authenticationPlace, guard: { onRequest } }]
}

/** Puts a plan together: everything about a request of this kind that can be decided at load. */
export function assemblePlan(
  route: Route,
  steps: readonly Step[],
  destination: Destination,
  table: GuardTable,
): Plan {
  const body = toBodyBounds(table.get(protocolGuard))
  const requestBodySteps = steps.filter(({ guard }) => guard.onRequestBody !== undefined)
  return {
    route,
    steps,
    defectSteps: steps.filter(({ guard }) => guard.onDefect !== undefined),
    requestSteps: steps.filter(({ guard }) => guard.onRequest !== undefined),
    requestBodySteps,
    // Where every guard is in shadow, what is no JSON must go on as it came: whole.
    flowsRequestItems:
      requestBodySteps.some(({ mode }) => mode === 'enforce') &&
      requestBodySteps.every(({ guard }) => guard.onRequestItems !== undefined),
    responseSteps: steps
      .filter(({ guard }) => guard.onResponse !== undefined || guard.onResponseBody !== undefined)
      .toReversed(),
    wholeAnswer: steps.some(({ guard }) => guard.onResponseBody !== undefined),
    itemSteps: classifiesAnswers(route.operation)
      ? steps.filter(({ guard }) => guard.onResponseItems !== undefined).toReversed()
      : [],
    flowsItems: steps.every(
      ({ guard }) => guard.onResponseBody === undefined || guard.onResponseItems !== undefined,
    ),
    answerTypes: new Set(steps.flatMap(({ guard }) => guard.answerTypes ?? [])),
    body,
    answerJson: { ...body.json, strict: false },
    destination,
    showPointers: table.get(validationGuard).showPointers,
  }
}

function classifiesAnswers(operation: Operation | undefined): boolean {
  return operation?.responses.some(({ classified }) => classified.length > 0) === true
}

function toBodyBounds({ maxBody, maxItem, maxAnswer, bodyTimeout, json }: ProtocolSettings): BodyBounds {
  return {
    maxRequest: maxBody,
    maxItem,
    maxResponse: maxAnswer,
    json: { ...json, strict: true },
    deadline: bodyTimeout,
  }
}
