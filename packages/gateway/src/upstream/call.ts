import type { Fault } from '@gateward/kernel'
import type { Readable } from 'node:stream'
import type { HeaderList } from '../exchange/header-list.ts'
import type { Awaited, Patience } from '../exchange/patience.ts'
import { Attempt, isGatewayError, type AttemptListener } from './attempt.ts'
import type { Picker } from './balance.ts'
import type { Breaker, Outcome } from './breaker.ts'
import { clientBroke, timedOut, unavailable, type Failure } from './faults.ts'
import { idempotentMethods } from './idempotent.ts'
import type { RetryBudget } from './retry-budget.ts'
import type { RetryCause } from './settings.ts'
import type { Target } from './target.ts'
import type { UpstreamCall, UpstreamReceiver, UpstreamRequest } from './upstream.ts'

/** What all calls of an upstream share. */
export interface CallContext {
  readonly pick: Picker
  readonly breaker: Breaker
  readonly budget: RetryBudget
  readonly retryOn: ReadonlySet<RetryCause>
  readonly attempts: number
  /** Milliseconds for everything, and for the whole of an event stream. */
  readonly total: number
  readonly stream: number
  readonly patience: Patience
  callEnded(): void
}

/** One forwarded request with all its attempts, of which at most one is ever heard by the receiver. */
export class Call implements UpstreamCall, AttemptListener, Awaited {
  readonly #context: CallContext
  readonly #request: UpstreamRequest
  readonly #receiver: UpstreamReceiver
  readonly #pass: number
  #deadline: number
  #attempt: Attempt | undefined
  #retries = 0
  #pause: NodeJS.Timeout | undefined
  #state: 'starting' | 'asking' | 'answering' | 'over' = 'starting'
  #status = 0
  /** Whether the client reads slower than the service writes. */
  #held = false

  constructor(context: CallContext, request: UpstreamRequest, receiver: UpstreamReceiver) {
    this.#context = context
    this.#request = request
    this.#receiver = receiver
    this.#deadline = context.patience.deadlineIn(context.total)
    context.patience.add(this)
    this.#pass = context.breaker.admit()
  }

  start(): void {
    const { body } = this.#request
    if (body !== undefined && !Buffer.isBuffer(body)) this.#watch(body)
    this.#context.budget.deposit()
    if (this.#pass === -1) this.#failSoon(unavailable('the breaker is open'))
    else this.#try(undefined)
    if (this.#state === 'starting') this.#state = 'asking'
  }

  get target(): string | undefined {
    return this.#attempt?.target.origin
  }

  resume(): void {
    if (!this.#held) return
    this.#held = false
    this.#attempt?.resume()
  }

  abort(): void {
    if (this.#state === 'over') return
    this.#attempt?.cancel('neither')
    this.#end('neither')
  }

  attemptAnswered(status: number, headers: HeaderList): void {
    if (isGatewayError(status) && this.#mayRetry(status)) {
      this.#attempt?.cancel('failure')
      this.#retry()
      return
    }
    this.#status = status
    this.#state = 'answering'
    if (headers.get('content-type')?.startsWith('text/event-stream') === true)
      this.#deadline = this.#context.patience.deadlineIn(this.#context.stream)
    this.#receiver.head(status, headers)
  }

  attemptData(chunk: Buffer): boolean {
    const wanted = this.#receiver.data(chunk)
    this.#held = !wanted
    return wanted
  }

  attemptEnded(): void {
    if (this.#state === 'over') return
    this.#end(isGatewayError(this.#status) ? 'failure' : 'success')
    this.#receiver.end()
  }

  attemptFailed(failure: Failure): void {
    if (this.#state === 'over') return
    if (failure.cause !== undefined && this.#mayRetry(failure.cause)) this.#retry()
    else if (this.#state === 'starting') this.#failSoon(failure.fault, failure.blamed)
    else this.#fail(failure.fault, failure.blamed)
  }

  /** Whether the time for everything is up. */
  check(now: number): void {
    if (now <= this.#deadline || this.#state === 'over') return
    // Slow clients, be they many, must not make a good service look bad.
    const blamed = !this.#held && !isStillComing(this.#request.body)
    this.#attempt?.cancel(blamed ? 'failure' : 'neither')
    this.#fail(timedOut('the request took longer than it may with all its retries'), blamed)
  }

  #try(avoid: Target | undefined): void {
    const target = this.#context.pick(avoid)
    if (target === undefined) {
      this.#failSoon(unavailable('no target is healthy and has room'))
      return
    }
    this.#attempt = new Attempt(target, this.#request, this)
    this.#attempt.begin()
  }

  #mayRetry(cause: RetryCause): boolean {
    const { retryOn, attempts, budget } = this.#context
    return (
      this.#state !== 'answering' &&
      retryOn.has(cause) &&
      this.#retries < attempts &&
      isRepeatable(this.#request) &&
      budget.withdraw()
    )
  }

  #retry(): void {
    const failed = this.#attempt?.target
    this.#attempt = undefined
    this.#retries++
    // A pause of random length, so that the requests that failed together do not come back together.
    this.#pause = setTimeout(() => this.#try(failed), Math.random() * pauseMilliseconds * this.#retries)
  }

  // Nobody is told anything before `forward` has returned; and one turn later the call may have been aborted.
  #failSoon(fault: Fault, blamed = false): void {
    queueMicrotask(() => {
      if (this.#state !== 'over') this.#fail(fault, blamed)
    })
  }

  #fail(fault: Fault, blamed: boolean): void {
    this.#end(blamed ? 'failure' : 'neither')
    this.#receiver.fault(fault)
  }

  #end(outcome: Outcome): void {
    this.#state = 'over'
    this.#context.patience.delete(this)
    if (this.#pause !== undefined) clearTimeout(this.#pause)
    this.#context.breaker.settle(this.#pass, outcome)
    this.#context.callEnded()
  }

  // For ever, not only while the body is being sent: an error that nobody hears would end the process.
  #watch(body: Readable): void {
    body.on('error', (error) => {
      if (this.#state === 'over') return
      this.#attempt?.cancel('neither')
      this.#fail(clientBroke(error).fault, false)
    })
  }
}

// A body that streams is gone with the first attempt.
function isRepeatable(request: UpstreamRequest): boolean {
  const { body, method } = request
  return (body === undefined || Buffer.isBuffer(body)) && idempotentMethods.has(method)
}

function isStillComing(body: UpstreamRequest['body']): boolean {
  return body !== undefined && !Buffer.isBuffer(body) && !body.readableEnded
}

const pauseMilliseconds = 30
