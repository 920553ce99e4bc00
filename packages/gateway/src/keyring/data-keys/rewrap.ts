import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@gateward/kernel'
import type { Store } from '../../store/store.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { wrappingContext } from './create-data-key.ts'
import type { OpenDataKeys } from './open-data-keys.ts'
import { unwrapMaterial } from './unwrap-data-key.ts'

/** What a rewrap works on. */
export interface RewrapInput {
  readonly store: Pick<Store, 'dataKeys' | 'sealed'>
  readonly dataKeys: OpenDataKeys
  readonly kek: KeyEncryptionKey
  readonly formerKeks: readonly KeyEncryptionKey[]
  readonly clock: Clock
}

/** How far a rewrap is. */
export interface RewrapProgress {
  /** Data keys that were put under the key-encryption key that is configured now. */
  readonly keys: number
  /** Values of the store that were put under the active key. */
  readonly values: number
  /** Values that remain. */
  readonly remaining: number
}

/** How fast a rewrap goes. */
export interface RewrapPace {
  /** Values in one step. */
  readonly step: number
  /** Milliseconds of rest after each step. */
  readonly rest: number
}

/** About 2000 values a second, in steps that a request hardly notices. */
export const gentlePace: RewrapPace = { step: 50, rest: 25 }

/**
 * Puts data keys under the current key-encryption key, and sealed values under the active key; tells after each step how
 * far it is. It can be broken off and begun again at any time: what is done stays done, and nothing is done twice.
 */
export async function* rewrap(
  input: RewrapInput,
  { step, rest }: RewrapPace = gentlePace,
): AsyncGenerator<RewrapProgress, void> {
  const keys = await rewrapKeys(input)
  await settled(input)
  let values = 0
  yield { keys, values, remaining: await countRemaining(input) }
  for (;;) {
    const done = await input.store.sealed.reseal(step)
    if (done === 0) return
    values += done
    yield { keys, values, remaining: await countRemaining(input) }
    await sleep(rest)
  }
}

async function rewrapKeys({ store, kek, formerKeks, clock }: RewrapInput): Promise<number> {
  let count = 0
  for (const record of await store.dataKeys.list()) {
    if (record.kek === kek.id || record.wrapped === undefined) continue
    const material = await unwrapMaterial(record, [kek, ...formerKeks])
    const wrapped = await kek.wrap(material, wrappingContext(record))
    material.fill(0)
    if (await store.dataKeys.rewrap(record.id, { wrapped, kek: kek.id }, clock.now())) count++
  }
  return count
}

/** Waits until a key that was just made encrypts: before, values would only be put under the one before it again. */
async function settled({ store, dataKeys }: RewrapInput): Promise<void> {
  const newest = (await store.dataKeys.list()).find(
    ({ purpose, state }) => purpose === 'store' && state === 'active',
  )
  for (let waited = 0; waited < longestSettling && dataKeys.active('store').id !== newest?.id; waited += 50) {
    await dataKeys.refresh()
    await sleep(50)
  }
}

/** Milliseconds. */
const longestSettling = 10_000

async function countRemaining({ store, dataKeys }: RewrapInput): Promise<number> {
  const active = dataKeys.active('store').id
  let count = 0
  for (const [key, values] of await store.sealed.countByKey()) if (key !== active) count += values
  return count
}
