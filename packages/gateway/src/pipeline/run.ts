import { Fault, type Clock } from '@gateward/kernel'
import type { AnsweredExchange, Exchange } from '../exchange/exchange.ts'
import type { TrailEntry } from '../exchange/trail.ts'
import type { WholeBody } from '../exchange/whole-body.ts'
import { pass, type Awaitable, type Verdict } from '../guards/guard.ts'
import type { Step } from '../site/site.ts'
import { thrownToProblem } from './fault.ts'

type Phase = TrailEntry['phase']

/** A verdict to be carried out, and the guard that gave it. */
export interface Turn {
  readonly verdict: Exclude<Verdict, { kind: 'pass' }>
  readonly step: Step
}

/**
 * Asks the guards in order until one turns the request round, and tells `done` which (`undefined`: all passed).
 * It goes on in the same tick as long as guards decide at once, so that an exchange waits only where a guard does.
 */
export function descend(
  exchange: Exchange,
  steps: readonly Step[],
  body: WholeBody | undefined,
  clock: Clock,
  done: (turn: Turn | undefined) => void,
  from = 0,
): void {
  const phase = body === undefined ? 'request' : 'request-body'
  exchange.decidedTick = clock.tick()
  for (let index = from; index < steps.length; index++) {
    const outcome = ask(exchange, steps[index] as Step, phase, body, clock)
    if (outcome === undefined) continue
    if (outcome instanceof Promise) {
      void resume(outcome, exchange, steps, body, clock, done, index + 1)
      return
    }
    done(outcome)
    return
  }
  done(undefined)
}

async function resume(
  outcome: Promise<Turn | undefined>,
  exchange: Exchange,
  steps: readonly Step[],
  body: WholeBody | undefined,
  clock: Clock,
  done: (turn: Turn | undefined) => void,
  from: number,
): Promise<void> {
  const turn = await outcome
  if (turn === undefined) descend(exchange, steps, body, clock, done, from)
  else done(turn)
}

/**
 * Asks one guard, and counts the time since `exchange.decidedTick` as its own: guards follow one another at once, and half as
 * many readings of the clock do. Gives a turn where its verdict is to be carried out. Never throws or rejects: a broken
 * guard has its verdict too.
 */
export function ask(
  exchange: Exchange,
  step: Step,
  phase: Phase,
  body: WholeBody | undefined,
  clock: Clock,
): Awaitable<Turn | undefined> {
  try {
    const verdict = call(exchange, step, phase, body)
    if (!(verdict instanceof Promise)) return settle(exchange, step, phase, elapsed(exchange, clock), verdict)
    return withDeadline(verdict, step).then(
      (settled) => settle(exchange, step, phase, elapsed(exchange, clock), settled),
      (thrown: unknown) => broke(exchange, step, phase, elapsed(exchange, clock), thrown),
    )
  } catch (thrown) {
    return broke(exchange, step, phase, elapsed(exchange, clock), thrown)
  }
}

function elapsed(exchange: Exchange, clock: Clock): number {
  const before = exchange.decidedTick
  const now = clock.tick()
  exchange.decidedTick = now
  return now - before
}

function call(exchange: Exchange, step: Step, phase: Phase, body: WholeBody | undefined): Awaitable<Verdict> {
  const { guard } = step
  if (phase === 'request') return guard.onRequest?.(exchange) ?? pass
  if (phase === 'response') return guard.onResponse?.(exchange as AnsweredExchange) ?? pass
  if (body === undefined) return pass
  if (phase === 'request-body') return guard.onRequestBody?.(exchange, body) ?? pass
  return guard.onResponseBody?.(exchange as AnsweredExchange, body) ?? pass
}

function settle(
  exchange: Exchange,
  step: Step,
  phase: Phase,
  taken: number,
  verdict: Verdict,
): Turn | undefined {
  const { kind } = verdict
  exchange.trail.push({
    guard: step.name,
    phase,
    verdict: kind,
    mode: step.mode,
    note: kind === 'pass' ? verdict.note : kind === 'refuse' ? verdict.problem.reason : undefined,
    code: kind === 'refuse' ? verdict.problem.code : undefined,
    elapsed: taken,
  })
  return kind === 'pass' || step.mode === 'shadow' ? undefined : { verdict, step }
}

function broke(
  exchange: Exchange,
  step: Step,
  phase: Phase,
  taken: number,
  thrown: unknown,
): Turn | undefined {
  const problem = thrownToProblem(thrown)
  exchange.trail.push({
    guard: step.name,
    phase,
    verdict: 'fault',
    mode: step.mode,
    note: problem.reason,
    code: thrown instanceof Fault ? thrown.code : 'INTERNAL_ERROR',
    elapsed: taken,
  })
  if (step.mode === 'shadow' || step.onFault !== 'refuse') return undefined
  return { verdict: { kind: 'refuse', problem }, step }
}

// What a guard waits for (keys, a store) has its own deadline; this one keeps an exchange from hanging on a bug.
const guardDeadlineMilliseconds = 15_000

function withDeadline(verdict: Promise<Verdict>, step: Step): Promise<Verdict> {
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>()
  const timer = setTimeout(() => {
    reject(new Fault('GUARD_TIMEOUT', `guard ${step.name} did not decide in time`, { source: 'gateway' }))
  }, guardDeadlineMilliseconds)
  void verdict.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}
