import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FailureKind, TokenAddress, TokenAnswer, TokenRequest } from './token-messages.ts'

/** What came of a question to a token. */
export type TokenOutcome =
  | { readonly kind: 'done'; readonly bytes: Buffer }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly failure: FailureKind; readonly message: string }

/** How long things may take; milliseconds. */
export interface TokenPatience {
  /** For one question. */
  readonly deadline: number
  /** After the last answer, before the process ends. */
  readonly idle: number
}

type Settle = (outcome: TokenOutcome) => void

/**
 * Asks a token in a process of its own, which begins with the first question and ends a while after the last: a module that
 * blocks, crashes or hangs takes nothing with it. A PIN that was refused is not tried again.
 */
export class TokenClient {
  readonly #address: () => TokenAddress
  readonly #patience: TokenPatience
  readonly #waiting = new Map<number, { readonly settle: Settle; readonly timer: NodeJS.Timeout }>()
  #child: ChildProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #nextId = 0
  #refusedPin: TokenOutcome | undefined

  /** @param address called at each start of the process, so that the PIN is kept nowhere in between */
  constructor(address: () => TokenAddress, patience: TokenPatience = { deadline: 10_000, idle: 10_000 }) {
    this.#address = address
    this.#patience = patience
  }

  /** Never rejects. A question whose process went is asked once more. */
  async ask(kind: 'wrap' | 'unwrap', bytes: Uint8Array, associated: Uint8Array): Promise<TokenOutcome> {
    const outcome = await this.#askOnce(kind, bytes, associated)
    return outcome === gone ? this.#askOnce(kind, bytes, associated) : outcome
  }

  #askOnce(kind: 'wrap' | 'unwrap', bytes: Uint8Array, associated: Uint8Array): Promise<TokenOutcome> {
    if (this.#refusedPin !== undefined) return Promise.resolve(this.#refusedPin)
    const child = this.#start()
    const id = this.#nextId++
    const { promise, resolve } = Promise.withResolvers<TokenOutcome>()
    const timer = setTimeout(() => this.#hung(id), this.#patience.deadline)
    this.#waiting.set(id, { settle: resolve, timer })
    send(child, { kind, id, bytes, associated })
    return promise
  }

  #start(): ChildProcess {
    clearTimeout(this.#idle)
    if (this.#child !== undefined) return this.#child
    const child = fork(fileURLToPath(new URL('token-process.ts', import.meta.url)), {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child = child
    child.on('message', (answer: TokenAnswer) => this.#answered(answer))
    child.on('error', () => this.#lost(child))
    child.on('exit', () => this.#lost(child))
    send(child, { kind: 'open', address: this.#address() })
    return child
  }

  #answered(answer: TokenAnswer): void {
    if (answer.kind === 'failed' && answer.failure === 'pin') this.#refusedPin = answer
    this.#settle(
      answer.id,
      answer.kind === 'done' ? { kind: 'done', bytes: Buffer.from(answer.bytes) } : answer,
    )
  }

  #settle(id: number, outcome: TokenOutcome): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(outcome)
    if (this.#waiting.size === 0) this.#rest()
  }

  // A process that nobody waits for must not keep this one from ending.
  #rest(): void {
    const child = this.#child
    if (child === undefined) return
    this.#idle = setTimeout(() => this.#end(child), this.#patience.idle).unref()
    child.unref()
    child.channel?.unref()
  }

  #end(child: ChildProcess): void {
    if (this.#child !== child || this.#waiting.size > 0) return
    this.#child = undefined
    child.disconnect()
  }

  #hung(id: number): void {
    this.#settle(id, {
      kind: 'failed',
      failure: 'unavailable',
      message: `the token does not answer in ${this.#patience.deadline / 1_000} s`,
    })
    this.#child?.kill('SIGKILL')
  }

  #lost(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = undefined
    for (const id of this.#waiting.keys()) this.#settle(id, gone)
  }
}

const gone: TokenOutcome = {
  kind: 'failed',
  failure: 'unavailable',
  message: 'the process in which the PKCS#11 module runs went down: the module may not fit this machine',
}

function send(child: ChildProcess, request: TokenRequest): void {
  child.ref()
  child.channel?.ref()
  // That it cannot be sent is told by the process's end.
  child.send(request, () => undefined)
}
