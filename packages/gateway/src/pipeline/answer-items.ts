import { defineProblem, type Clock } from '@gateward/kernel'
import type { BodySchema } from '@gateward/openapi'
import type { AnsweredExchange } from '../exchange/exchange.ts'
import type { ItemFraming } from '../exchange/json-items.ts'
import type { Plan } from '../site/site.ts'
import { framingOf } from './item-framing.ts'
import { ItemFlow } from './item-flow.ts'

/** An answer whose items are looked at while it flows. */
export interface ItemAnswer {
  readonly framing: ItemFraming
  readonly item: BodySchema
}

/**
 * How the items of an answer are framed, where guards look at them one by one: those that the contract declares as JSON
 * lines or as a list, with something in them that it classifies.
 */
export function findAnswerItems(
  plan: Plan,
  status: number,
  contentType: string | undefined,
): ItemAnswer | undefined {
  if (plan.itemSteps.length === 0 || contentType === undefined) return undefined
  const schema = plan.route.operation?.response(status)?.match(contentType)
  if (schema?.classified === undefined) return undefined
  if (schema.format === 'ndjson') return { framing: framingOf(contentType), item: schema }
  if (schema.format !== 'json' || schema.items?.classified === undefined || !plan.flowsItems) return undefined
  return { framing: 'list', item: schema.items }
}

/**
 * Leads the items of an answer up through the guards.
 *
 * @throws ItemRefused where a guard lets none of it go
 */
export function openAnswerFlow(
  exchange: AnsweredExchange,
  plan: Plan,
  { framing, item }: ItemAnswer,
  clock: Clock,
): ItemFlow {
  return new ItemFlow({
    exchange,
    clock,
    phase: 'response-body',
    steps: plan.itemSteps,
    visitorOf: ({ guard }) => guard.onResponseItems?.(exchange, item),
    framing,
    mostBytes: plan.body.maxResponse,
    mostItems: Number.POSITIVE_INFINITY,
    json: plan.answerJson,
    toProblem: ({ message }) => defineProblem('RESPONSE_INVALID', `the answer is ${message}`),
  })
}
