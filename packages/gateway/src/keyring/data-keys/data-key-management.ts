import { setTimeout as sleep } from 'node:timers/promises'
import { DiagnosticError, type Clock } from '@gateward/kernel'
import type { DataKeyRecord, DataKeyState } from '../../store/data-key-store.ts'
import type { Store } from '../../store/store.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { createDataKey } from './create-data-key.ts'
import { toStatuses, type DataKeyStatus } from './data-key-status.ts'
import { settleTime } from './open-data-keys.ts'
import { allPurposes, isPurpose, purposes, type DataKeyPurpose } from './purposes.ts'

/** Makes, replaces and ends data keys, for the command line and the admin API. */
export interface DataKeyManagement {
  /** All keys, oldest first. */
  list(): Promise<readonly DataKeyStatus[]>
  /** Gives a purpose a new key; the one before still decrypts. */
  rotate(purpose: string): Promise<{ readonly made: DataKeyRecord; readonly before: DataKeyRecord }>
  /** Takes a key that only decrypts out of use; it is kept, and can be reinstated. */
  retire(id: string): Promise<DataKeyStatus>
  /** Lets a retired key decrypt again. */
  reinstate(id: string): Promise<DataKeyStatus>
  /**
   * Destroys the material of a retired key for ever.
   *
   * @param confirm the id once more: nothing that was encrypted under the key can be read afterwards
   */
  destroy(id: string, confirm: string | undefined): Promise<DataKeyStatus>
}

export interface DataKeyManagementInput {
  readonly store: Pick<Store, 'dataKeys' | 'sealed'>
  readonly kek: KeyEncryptionKey
  readonly clock: Clock
}

/** Every method throws a {@link DiagnosticError} that says what to do instead, where it cannot do what was asked. */
export function createDataKeyManagement(input: DataKeyManagementInput): DataKeyManagement {
  const { store, clock } = input
  const list = async (): Promise<readonly DataKeyStatus[]> =>
    toStatuses(await store.dataKeys.list(), await store.sealed.countByKey(), clock.now())
  const find = async (id: string): Promise<DataKeyStatus> => {
    const status = (await list()).find((status) => status.id === id)
    if (status === undefined)
      throw mistake(
        'unknown-data-key',
        `there is no data key ${id}`,
        'see all of them: gateward keyring list',
      )
    return status
  }
  const set = async (id: string, state: Exclude<DataKeyState, 'active'>): Promise<DataKeyStatus> => {
    if (!(await store.dataKeys.setState(id, state, clock.now())))
      throw mistake(
        'data-key-state',
        `${id} was changed meanwhile`,
        'look at it again: gateward keyring list',
      )
    return find(id)
  }
  return {
    list,
    async rotate(purpose) {
      const before = activeOf(await list(), assertRotates(purpose))
      const made = await createDataKey(
        { store: store.dataKeys, kek: input.kek, clock },
        before.purpose,
        before.id,
      )
      if (made !== undefined) return { made, before }
      throw mistake(
        'data-key-state',
        `another process has just rotated ${purpose}`,
        'see the new key: gateward keyring list',
      )
    },
    async retire(id) {
      assertCanRetire(await find(id))
      await settled(await list(), id, clock)
      assertCanRetire(await find(id))
      return set(id, 'retired')
    },
    async reinstate(id) {
      const status = await find(id)
      if (status.state !== 'retired')
        throw mistake('data-key-state', `${id} is ${status.state}`, 'only a retired key can be reinstated')
      return set(id, 'decrypt-only')
    },
    async destroy(id, confirm) {
      assertCanDestroy(await find(id), confirm)
      return set(id, 'destroyed')
    },
  }
}

/** Waits until every gateway encrypts with the key that came after this one: until then values may come under it again. */
async function settled(statuses: readonly DataKeyStatus[], id: string, clock: Clock): Promise<void> {
  const purpose = statuses.find((status) => status.id === id)?.purpose
  const active = statuses.find((status) => status.purpose === purpose && status.state === 'active')
  const remaining = (active?.createdAt ?? 0) + 2 * settleTime - clock.now()
  if (remaining > 0) await sleep(Math.min(remaining, 2 * settleTime))
}

function assertRotates(purpose: string): DataKeyPurpose {
  if (!isPurpose(purpose))
    throw mistake(
      'unknown-purpose',
      `there are no keys for "${purpose}"`,
      `choose from ${allPurposes.join(', ')}`,
    )
  if (purposes[purpose].rotates !== 'never') return purpose
  throw mistake(
    'fixed-data-key',
    `the key for ${purpose} is not rotated: a new one would find nothing that was indexed before`,
    'nothing is encrypted under it; the values themselves are, under the key for store',
  )
}

function activeOf(statuses: readonly DataKeyStatus[], purpose: DataKeyPurpose): DataKeyStatus {
  const active = statuses.find((status) => status.purpose === purpose && status.state === 'active')
  if (active !== undefined) return active
  throw mistake('data-key-state', `${purpose} has no active key`, 'make it: gateward keyring create')
}

function assertCanRetire({ id, state, values, purpose }: DataKeyStatus): void {
  if (state === 'active')
    throw mistake('data-key-state', `${id} is active`, `replace it first: gateward keyring rotate ${purpose}`)
  if (state !== 'decrypt-only')
    throw mistake('data-key-state', `${id} is ${state} already`, 'there is nothing to do')
  if (values > 0) throw stillNeeded(id, values)
}

function assertCanDestroy(
  { id, state, values, usedAt, changedAt }: DataKeyStatus,
  confirm: string | undefined,
): void {
  if (state === 'destroyed')
    throw mistake('data-key-state', `${id} was destroyed already`, 'there is nothing to do')
  if (state !== 'retired')
    throw mistake(
      'data-key-state',
      `${id} is ${state}: what is in use is not destroyed`,
      `retire it, and wait until you are sure that nothing misses it: gateward keyring retire ${id}`,
    )
  if (values > 0) throw stillNeeded(id, values)
  if (usedAt !== undefined && usedAt > changedAt)
    throw mistake(
      'data-key-needed',
      `data under ${id} is known: something asked for it on ${new Date(usedAt).toISOString()}, after it was retired`,
      `reinstate it and encrypt that data anew first: gateward keyring reinstate ${id}`,
    )
  if (confirm !== id)
    throw mistake(
      'unconfirmed',
      `whatever was encrypted under ${id} will be lost for ever`,
      `if that is meant: gateward keyring destroy ${id} --confirm ${id}`,
    )
}

function stillNeeded(id: string, values: number): DiagnosticError {
  return mistake(
    'data-key-needed',
    `${values} values of the store are under ${id}`,
    'put them under the active key: gateward keyring rewrap',
  )
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}
