import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, type Clock } from '@gateward/kernel'
import type { DataKeyRecord, DataKeyStore } from '../../store/data-key-store.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { createDataKey } from './create-data-key.ts'
import { DataKey } from './data-key.ts'
import type { DataKeys, Signer, SigningPurpose } from './data-keys.ts'
import { MessageAllowance } from './message-allowance.ts'
import { algorithms, allPurposes, type DataKeyPurpose } from './purposes.ts'
import { createSigner, readPublicKeys, type PublicKeys } from './signing.ts'
import { unwrapDataKey } from './unwrap-data-key.ts'

/** What data keys are opened with. */
export interface DataKeysInput {
  readonly store: DataKeyStore
  /** Wraps new keys. */
  readonly kek: KeyEncryptionKey
  /** Others that may have wrapped keys that are there. */
  readonly formerKeks?: readonly KeyEncryptionKey[]
  readonly clock: Clock
  /** Something failed in the background, and what was loaded before goes on. */
  readonly onFault?: (thrown: unknown) => void
}

/** Data keys that follow the store until they are disposed of. */
export interface OpenDataKeys extends DataKeys, AsyncDisposable {
  /** Takes over what was changed in the store. */
  refresh(): Promise<void>
  /** Resolves when every process encrypts with the newest keys, and nothing new is written under those before. */
  settled(): Promise<void>
  /** Looks for changes by other processes from now on, and keeps messages ready. */
  follow(): Promise<void>
}

/**
 * Loads all data keys, and makes those of purposes that have none.
 *
 * @throws Fault `KEK_UNAVAILABLE` or `KEK_REFUSED` where one cannot be unwrapped: without it, what it encrypted is lost
 */
export async function openDataKeys(input: DataKeysInput): Promise<OpenDataKeys> {
  const keys = new StoredDataKeys(input)
  await keys.load()
  return keys
}

/** Milliseconds between two looks at the store. */
const followInterval = 250

/** Milliseconds between two notes of when keys were used. */
const noteInterval = 60_000

/** Milliseconds for which a new key only decrypts, so that every process knows it before it meets what it encrypted. */
export const settleTime = 2_000

/** Milliseconds between two looks at whether keys have settled. */
const settlePoll = 100

class StoredDataKeys implements OpenDataKeys {
  readonly #input: DataKeysInput
  readonly #loaded = new Map<string, DataKey>()
  readonly #allowances = new Map<string, MessageAllowance>()
  readonly #used = new Map<string, number>()
  #records: ReadonlyMap<string, DataKeyRecord> = new Map()
  #active: ReadonlyMap<DataKeyPurpose, DataKey> = new Map()
  #publicKeys: PublicKeys = new Map()
  #revision: number | undefined
  #refreshing: Promise<void> | undefined
  #settling: NodeJS.Timeout | undefined
  #timers: readonly NodeJS.Timeout[] = []

  constructor(input: DataKeysInput) {
    this.#input = input
  }

  active(purpose: DataKeyPurpose): DataKey {
    const key = this.#active.get(purpose)
    if (key === undefined) throw fault('DATA_KEY_MISSING', `there is no data key for ${purpose}`)
    this.#used.set(key.id, this.#input.clock.now())
    return key
  }

  byId(id: string): DataKey {
    const key = this.#loaded.get(id)
    const state = this.#records.get(id)?.state
    // Of a retired key too: that something still asks for it must be known before it is destroyed.
    if (state !== undefined) this.#used.set(id, this.#input.clock.now())
    if (key !== undefined && (state === 'active' || state === 'decrypt-only')) return key
    throw notUsable(id, state)
  }

  usable(purpose: DataKeyPurpose): readonly DataKey[] {
    const active = this.active(purpose)
    const others = [...this.#loaded.values()].filter(
      (key) => key.purpose === purpose && key !== active && isUsable(this.#records.get(key.id)),
    )
    return [active, ...others.toReversed()]
  }

  signer(purpose: SigningPurpose): Signer {
    return createSigner(
      () => this.active(purpose),
      () => this.#publicKeys,
    )
  }

  async load(): Promise<void> {
    const present = new Set(
      (await this.#input.store.list())
        .filter(({ state }) => state === 'active')
        .map(({ purpose }) => purpose),
    )
    // Another process may make them at the same time; then its own are there, and these are not.
    for (const purpose of allPurposes)
      if (!present.has(purpose)) await createDataKey(this.#input, purpose, undefined)
    await this.refresh()
  }

  async refresh(): Promise<void> {
    await this.#refreshing?.catch(() => undefined)
    this.#refreshing = this.#read().finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }

  async settled(): Promise<void> {
    while (this.#settling !== undefined) {
      await sleep(settlePoll)
      await this.refresh()
    }
  }

  async follow(): Promise<void> {
    this.#timers = [
      setInterval(() => void this.#look().catch(this.#report), followInterval).unref(),
      setInterval(() => void this.#noteUses().catch(this.#report), noteInterval).unref(),
    ]
    for (const { id } of this.#active.values()) await this.#allowances.get(id)?.prepare()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.#settling)
    await this.#refreshing?.catch(() => undefined)
    await this.#noteUses().catch(this.#report)
  }

  readonly #report = (thrown: unknown): void => this.#input.onFault?.(thrown)

  async #look(): Promise<void> {
    if (this.#refreshing !== undefined) return
    if ((await this.#input.store.revision()) !== this.#revision) await this.refresh()
  }

  async #read(): Promise<void> {
    const { store } = this.#input
    const revision = await store.revision()
    const records = await store.list()
    for (const record of records)
      if (isUsable(record) && !this.#loaded.has(record.id))
        this.#loaded.set(record.id, await this.#open(record))
    this.#records = new Map(records.map((record) => [record.id, record]))
    for (const id of this.#loaded.keys()) if (!isUsable(this.#records.get(id))) this.#forget(id)
    this.#publicKeys = readPublicKeys(records)
    this.#choose()
    this.#revision = revision
  }

  async #open(record: DataKeyRecord): Promise<DataKey> {
    const { store, kek, formerKeks = [] } = this.#input
    const secret = await unwrapDataKey(record, [kek, ...formerKeks])
    const { limit } = algorithms[record.algorithm]
    const reserve = (messages: number) => store.addMessages(record.id, messages, undefined)
    const allowance = new MessageAllowance(record.id, limit, reserve, this.#report)
    this.#allowances.set(record.id, allowance)
    return new DataKey(record, secret, allowance)
  }

  #forget(id: string): void {
    this.#loaded.delete(id)
    this.#allowances.delete(id)
  }

  /** Decides which keys encrypt from now on; those that are too young do so later. */
  #choose(): void {
    const active = new Map<DataKeyPurpose, DataKey>()
    let wait = 0
    for (const { id, purpose, state, createdAt } of this.#records.values()) {
      const key = this.#loaded.get(id)
      if (key === undefined || state !== 'active') continue
      const young = Math.min(createdAt + settleTime - this.#input.clock.now(), settleTime)
      const before = young > 0 ? this.#findPredecessor(purpose, createdAt) : undefined
      active.set(purpose, before ?? key)
      if (before !== undefined) wait = Math.max(wait, young)
    }
    this.#active = active
    clearTimeout(this.#settling)
    this.#settling = wait > 0 ? setTimeout(() => this.#choose(), wait).unref() : undefined
  }

  /** The key that gave way to one that was made then. */
  #findPredecessor(purpose: DataKeyPurpose, madeAt: number): DataKey | undefined {
    for (const record of this.#records.values())
      if (record.purpose === purpose && record.state === 'decrypt-only' && record.changedAt === madeAt)
        return this.#loaded.get(record.id)
    return undefined
  }

  async #noteUses(): Promise<void> {
    const used = [...this.#used]
    this.#used.clear()
    for (const [id, at] of used) await this.#input.store.addMessages(id, 0, at)
  }
}

function isUsable(record: DataKeyRecord | undefined): boolean {
  return record?.state === 'active' || record?.state === 'decrypt-only'
}

function notUsable(id: string, state: DataKeyRecord['state'] | undefined): Fault {
  if (state === 'retired')
    return fault(
      'DATA_KEY_RETIRED',
      `the data key ${id} is retired; gateward keyring reinstate ${id} brings it back`,
    )
  if (state === 'destroyed')
    return fault('DATA_KEY_DESTROYED', `the data key ${id} was destroyed, and with it what it encrypted`)
  return fault('DATA_KEY_UNKNOWN', `this keyring has no data key ${id.slice(0, 40)}`)
}

function fault(code: string, message: string): Fault {
  return new Fault(code, message, { source: 'gateway' })
}
