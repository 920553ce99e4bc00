import type { Exchange } from '../../exchange/exchange.ts'
import type { TraceSpan } from '../../exchange/trace-context.ts'
import type { TrailEntry } from '../../exchange/trail.ts'
import type { CallFacts, GuardStep, SpanFacts } from './event.ts'

/** What a trace says of a finished exchange; `duration` in milliseconds. */
export function toSpanFacts(exchange: Exchange, span: TraceSpan, duration: number): SpanFacts {
  const call = exchange.forwardedTick > 0 ? toCall(exchange, duration) : undefined
  return { ...span, guards: toSteps(exchange, call, duration), call }
}

function toCall(exchange: Exchange, duration: number): CallFacts {
  const { startedTick, forwardedTick, answeredTick, answer, target } = exchange
  const answered = answeredTick > 0
  return {
    startedAt: forwardedTick - startedTick,
    endedAt: answered ? answeredTick - startedTick : duration,
    target,
    status: answered && answer?.source === 'upstream' ? answer.status : undefined,
  }
}

/**
 * When each guard decided. The trail holds how long each took, and guards follow one another at once; so the times are
 * those of their turn, counted from where it began (the request's head, the head of an answer that flows) or back from
 * where it ended (the call to the service, the answer).
 */
function toSteps(exchange: Exchange, call: CallFacts | undefined, duration: number): readonly GuardStep[] {
  const { trail, answer } = exchange
  const onHead = trail.filter(({ phase }) => phase === 'request')
  const onBody = trail.filter(({ phase }) => phase === 'request-body')
  const onAnswer = trail.filter(({ phase }) => phase === 'response' || phase === 'response-body')
  const beforeAnswer = duration - total(onAnswer)
  const flows = answer?.body.kind === 'stream' && call !== undefined
  return [
    ...follow(onHead, 0),
    ...follow(onBody, (call?.startedAt ?? beforeAnswer) - total(onBody)),
    ...follow(onAnswer, flows ? call.endedAt : beforeAnswer),
  ]
}

function follow(entries: readonly TrailEntry[], from: number): readonly GuardStep[] {
  let at = Math.max(0, from)
  return entries.map(({ guard, phase, verdict, mode, code, elapsed }) => {
    at += elapsed
    return { guard, phase, verdict, mode, code, at, elapsed }
  })
}

function total(entries: readonly TrailEntry[]): number {
  return entries.reduce((sum, { elapsed }) => sum + elapsed, 0)
}
