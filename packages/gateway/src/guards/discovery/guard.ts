import type { BodySchema, Operation } from '@gateward/openapi'
import type { Sample } from '../../discovery/discovery.ts'
import type { AnsweredExchange, Exchange } from '../../exchange/exchange.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { defineGuard, pass, type Guard, type GuardInput, type ItemVisitor, type Verdict } from '../guard.ts'
import { readFormValues } from './form-values.ts'
import { compileParameterValues } from './parameter-values.ts'
import { discoverySettings, type DiscoverySettings } from './settings.ts'

/**
 * Hands samples of traffic to whoever looks for personal data that the contract does not declare. It stands beside
 * field-encryption, where requests are valid and answers are as the service meant them, before anything is masked.
 */
export const discoveryGuard = defineGuard<DiscoverySettings>({
  name: 'discovery',
  onlyLooks: true,
  settings: discoverySettings,
  compile,
})

function compile({ unmatched, operation, api, settings, services }: GuardInput<DiscoverySettings>) {
  const { discovery, clock } = services
  if (unmatched || operation === undefined || discovery === undefined) return undefined
  const pause = 60_000 / settings.samples
  const isDue = () => {
    let next = 0
    return (): boolean => {
      const now = clock.tick()
      if (now < next) return false
      next = now + pause
      return true
    }
  }
  const offer = (way: Sample['way'], content: Sample['content']): void =>
    discovery.offer({ api, operation: operation.id, way, content })
  return {
    ...sampleRequests(operation, isDue(), isDue(), offer),
    ...sampleAnswers(operation, isDue(), offer),
  }
}

type Offer = (way: Sample['way'], content: Sample['content']) => void

function sampleRequests(
  operation: Operation,
  isParameterDue: () => boolean,
  isBodyDue: () => boolean,
  offer: Offer,
): Guard {
  const parameters = compileParameterValues(operation)
  const { requestBody } = operation
  return {
    ...(parameters === undefined
      ? {}
      : {
          onRequest: (exchange: Exchange): Verdict => {
            if (parameters.isThere(exchange) && isParameterDue())
              offer('request', { kind: 'parameters', values: parameters.read(exchange) })
            return pass
          },
        }),
    ...(requestBody === undefined
      ? {}
      : {
          onRequestBody: (_: Exchange, body: WholeBody): Verdict =>
            sampleBody(requestBody.match(body.contentType ?? ''), body, isBodyDue, 'request', offer),
          onRequestItems: (_: Exchange, schema: BodySchema): ItemVisitor | undefined =>
            isBodyDue() ? sampleFirstItem(schema, 'request', offer) : undefined,
        }),
  }
}

function sampleAnswers(operation: Operation, isDue: () => boolean, offer: Offer): Guard {
  if (operation.responses.every(({ empty }) => empty)) return {}
  return {
    onResponseBody: ({ answer }: AnsweredExchange, body: WholeBody): Verdict =>
      sampleBody(
        operation.response(answer.status)?.match(body.contentType ?? ''),
        body,
        isDue,
        'response',
        offer,
      ),
    onResponseItems: (_: AnsweredExchange, schema: BodySchema): ItemVisitor | undefined =>
      isDue() ? sampleFirstItem(schema, 'response', offer) : undefined,
  }
}

function sampleFirstItem(schema: BodySchema, way: Sample['way'], offer: Offer): ItemVisitor {
  let isFirst = true
  return {
    visit: (value) => {
      if (isFirst && schema.constrained)
        offer(way, { kind: 'body', bytes: Buffer.from(JSON.stringify(value)), schema })
      isFirst = false
      return { kind: 'item', value }
    },
  }
}

function sampleBody(
  schema: BodySchema | undefined,
  body: WholeBody,
  isDue: () => boolean,
  way: Sample['way'],
  offer: Offer,
): Verdict {
  if (schema?.constrained !== true) return pass
  const { format } = schema
  if ((format === 'json' || format === 'ndjson') && isDue())
    offer(way, { kind: 'body', bytes: body.toBytes(), schema })
  if ((format === 'form' || format === 'multipart') && way === 'request' && isDue())
    offer(way, { kind: 'parameters', values: readFormValues(schema, body) })
  return pass
}
