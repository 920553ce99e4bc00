import { toFault, type Diagnostic } from '@gateward/kernel'
import { toStatuses, type DataKeyStatus } from '../data-keys/data-key-status.ts'
import { rewrap, type RewrapInput } from '../data-keys/rewrap.ts'
import { rotateDue } from './rotate-due.ts'

/** What the upkeep works on, and whom it tells. */
export interface KeyringUpkeepInput extends RewrapInput {
  /** Milliseconds after which keys are rotated; `undefined`: never by age. */
  readonly rotation: number | undefined
  /** Hears the state of every key, about once a minute. */
  readonly onStatus: (statuses: readonly DataKeyStatus[]) => void
  /** Hears of what was done, and of what an operator should do. */
  readonly onNotice: (notice: Diagnostic) => void
  /** Milliseconds between two rounds. */
  readonly interval?: number
}

/**
 * Keeps the keyring in order while a gateway runs: rotates what is due, puts values under the keys that are active, and
 * says what needs a person. One round waits for the one before.
 */
export class KeyringUpkeep implements AsyncDisposable {
  readonly #input: KeyringUpkeepInput
  readonly #timer: NodeJS.Timeout
  readonly #told = new Set<string>()
  #round: Promise<void> | undefined
  #stopped = false

  constructor(input: KeyringUpkeepInput) {
    this.#input = input
    this.#timer = setInterval(() => this.run(), input.interval ?? 60_000).unref()
  }

  /** Begins a round, unless one is under way; resolves when it is over. Never rejects. */
  run(): Promise<void> {
    this.#round ??= this.#work().finally(() => (this.#round = undefined))
    return this.#round
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#round
  }

  async #work(): Promise<void> {
    // Each by itself: where no key can be made, what there is must be told all the same.
    for (const step of [() => this.#rotate(), () => this.#rewrap(), () => this.#show()])
      await step().catch((thrown: unknown) => this.#tellFault(thrown))
  }

  async #rotate(): Promise<void> {
    const { store, kek, clock, dataKeys, rotation, onNotice } = this.#input
    const rotations = await rotateDue({ store: store.dataKeys, kek, clock }, rotation)
    for (const { before, made, reason } of rotations)
      onNotice({
        code: 'data-key-rotated',
        severity: 'warning',
        message: `the data key for ${made.purpose} is ${made.id} now; ${before.id} was due by its ${reason}`,
      })
    if (rotations.length > 0) await dataKeys.refresh()
  }

  async #rewrap(): Promise<void> {
    if (!(await this.#isNeeded())) return
    let done = { keys: 0, values: 0 }
    for await (const progress of rewrap(this.#input)) {
      done = progress
      // What is done stays done: the rest is for the next start.
      if (this.#stopped) return
    }
    this.#input.onNotice({
      code: 'keyring-rewrapped',
      severity: 'warning',
      message: `${done.keys} data keys and ${done.values} values of the store are under the keys of now`,
    })
  }

  async #show(): Promise<void> {
    const { store, clock, onStatus } = this.#input
    const statuses = toStatuses(await store.dataKeys.list(), await store.sealed.countByKey(), clock.now())
    onStatus(statuses)
    for (const status of statuses) this.#warnOf(status)
  }

  async #isNeeded(): Promise<boolean> {
    const { store, kek } = this.#input
    const records = await store.dataKeys.list()
    if (records.some((record) => record.wrapped !== undefined && record.kek !== kek.id)) return true
    const active = records.find(({ purpose, state }) => purpose === 'store' && state === 'active')
    return [...(await store.sealed.countByKey()).keys()].some((key) => key !== active?.id)
  }

  #warnOf({ id, purpose, state, messages, limit }: DataKeyStatus): void {
    if (state !== 'active' || messages < limit * nearLimit || this.#told.has(id)) return
    this.#told.add(id)
    this.#input.onNotice({
      code: 'data-key-near-limit',
      severity: 'error',
      message: `the data key ${id} has encrypted ${Math.floor((messages / limit) * 100)} % of the messages it may`,
      fix: `gateward keyring rotate ${purpose}`,
    })
  }

  #tellFault(thrown: unknown): void {
    const { code, message } = toFault(thrown)
    this.#input.onNotice({
      code: code === 'KEK_UNAVAILABLE' ? 'kek-unavailable' : 'keyring-upkeep',
      severity: 'error',
      message: `${message}; the keys that are loaded go on, and it is tried again in a minute`,
    })
  }
}

/** The share of its messages from which on a key is spoken of: rotation begins at a half, so this means that it fails. */
const nearLimit = 0.75
