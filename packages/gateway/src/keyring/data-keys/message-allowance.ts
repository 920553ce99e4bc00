import { Fault } from '@gateward/kernel'
import type { Awaitable } from '../../store/awaitable.ts'

/** How a process gets messages from the store: it asks for some, and learns how many the key then has in all. */
export type ReserveMessages = (messages: number) => Awaitable<number>

/**
 * The messages that this process may still encrypt under one key. They are reserved in the store before they are used, so
 * that neither a crash nor other processes can lead past the limit; a block is never larger than what was used before,
 * so that little is lost when a process ends.
 */
export class MessageAllowance {
  readonly #keyId: string
  readonly #limit: number
  readonly #reserve: ReserveMessages
  readonly #onFault: (thrown: unknown) => void
  #left = 0
  #block = firstBlock
  #exhausted = false
  #pending: Promise<void> | undefined

  /** @param limit messages of the key in all processes, ever */
  constructor(keyId: string, limit: number, reserve: ReserveMessages, onFault: (thrown: unknown) => void) {
    this.#keyId = keyId
    this.#limit = limit
    this.#reserve = reserve
    this.#onFault = onFault
  }

  /** Reserves a first block, so that the first message need not wait for it. */
  async prepare(): Promise<void> {
    if (this.#left === 0 && !this.#exhausted) this.#refill()
    await this.#pending
  }

  /** Takes one message. */
  take(): void {
    if (this.#left === 0) this.#refill()
    if (this.#left === 0) throw this.#exhausted ? exhausted(this.#keyId) : busy(this.#keyId)
    this.#left--
    if (this.#left === this.#block >> 2) this.#refill()
  }

  #refill(): void {
    if (this.#pending !== undefined || this.#exhausted) return
    const asked = this.#block
    try {
      const total = this.#reserve(asked)
      if (!(total instanceof Promise)) return this.#grant(asked, total)
      this.#pending = total
        .then((total) => this.#grant(asked, total), this.#onFault)
        .finally(() => (this.#pending = undefined))
    } catch (thrown) {
      this.#onFault(thrown)
    }
  }

  #grant(asked: number, total: number): void {
    const granted = Math.min(asked, Math.max(0, this.#limit - (total - asked)))
    this.#left += granted
    this.#exhausted = granted < asked
    this.#block = Math.min(asked * 2, largestBlock)
  }
}

const firstBlock = 64
const largestBlock = 2 ** 20

function exhausted(keyId: string): Fault {
  return new Fault(
    'DATA_KEY_EXHAUSTED',
    `the data key ${keyId} has encrypted all the messages it may; rotate it: gateward keyring rotate`,
    { source: 'gateway' },
  )
}

function busy(keyId: string): Fault {
  return new Fault('DATA_KEY_BUSY', `messages of the data key ${keyId} cannot be counted now`, {
    source: 'gateway',
    retryable: true,
  })
}
