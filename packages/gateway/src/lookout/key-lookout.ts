import type { EndingEvent, KeyEvent } from '../observe/events/event.ts'
import type { ApiKeyRecord, ApiKeyStore } from '../store/api-key-store.ts'

type Change = Omit<KeyEvent, 'time'>

/** Keys that are followed one by one; of a larger store nothing is told. */
const mostKeys = 20_000
const page = 1_000

/**
 * Finds out which API keys were made or ended since the last look, by whichever process: a key that the command line
 * revokes is told by the gateway that runs on the same store.
 */
export class KeyLookout {
  readonly #store: ApiKeyStore
  #revision: number | undefined
  #known: ReadonlyMap<string, ApiKeyRecord> | undefined

  constructor(store: ApiKeyStore) {
    this.#store = store
  }

  /** What changed since the last call; the first one only learns what there is. */
  async changes(): Promise<readonly Change[]> {
    const revision = await this.#store.revision()
    if (revision === this.#revision) return []
    this.#revision = revision
    const before = this.#known
    const keys = await this.#readAll()
    this.#known = keys
    if (before === undefined || keys === undefined) return []
    return [...keys.values()].flatMap((key) => changeOf(before.get(key.id), key) ?? [])
  }

  /** The active keys that end before `time` and have no successor, those that end first first. */
  endingBefore(time: number, now: number): readonly Omit<EndingEvent, 'time'>[] {
    return [...(this.#known?.values() ?? [])]
      .filter(
        ({ state, successor, expiresAt }) =>
          state === 'active' && successor === undefined && expiresAt > now && expiresAt < time,
      )
      .sort((left, right) => left.expiresAt - right.expiresAt)
      .map(({ id, display, consumer, expiresAt }) => ({
        kind: 'key-ending',
        subject: id,
        detail: `API key ${display} of ${consumer}`,
        endsAt: expiresAt,
      }))
  }

  async #readAll(): Promise<ReadonlyMap<string, ApiKeyRecord> | undefined> {
    const keys = new Map<string, ApiKeyRecord>()
    for (let after: ApiKeyRecord | undefined; ;) {
      const records = await this.#store.list(after === undefined ? { limit: page } : { limit: page, after })
      for (const record of records) keys.set(record.id, record)
      if (keys.size > mostKeys) return undefined
      after = records.at(-1)
      if (after === undefined || records.length < page) return keys
    }
  }
}

function changeOf(before: ApiKeyRecord | undefined, key: ApiKeyRecord): Change | undefined {
  const kind = kindOf(before, key)
  const { id, display, consumer, expiresAt } = key
  return kind === undefined ? undefined : { kind, key: id, display, consumer, expiresAt }
}

function kindOf(before: ApiKeyRecord | undefined, key: ApiKeyRecord): Change['kind'] | undefined {
  if (before === undefined) return 'key-created'
  if (before.state !== key.state) {
    if (key.state === 'revoked') return 'key-revoked'
    return key.state === 'disabled' ? 'key-disabled' : 'key-enabled'
  }
  return before.successor === undefined && key.successor !== undefined ? 'key-rotated' : undefined
}
