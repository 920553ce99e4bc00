import { defineProblem, DiagnosticError } from '@gateward/kernel'
import { purposes, type DataKeyPurpose } from '../../keyring/data-keys/purposes.ts'
import type { DataKeyRecord } from '../../store/data-key-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type DataKey = AdminAnswer<'rotateDataKey'>

/** The data keys of the gateway. */
export function keyringRoutes({
  clock,
  rotateDataKey,
  store,
}: AdminParts): Pick<AdminRoutes, 'getKeyring' | 'rotateDataKey'> {
  return {
    async getKeyring() {
      return { body: { keys: (await store.dataKeys.list()).map(describe) } }
    },

    async rotateDataKey({ path, body: { reason } }) {
      const purpose = path.purpose as DataKeyPurpose
      if (purposes[purpose].rotates !== 'schedule') return refuse(fixed)
      const keys = await store.dataKeys.list()
      const before = keys.find((key) => key.purpose === purpose && key.state === 'active')
      if (before === undefined) return refuse(noKey)
      const now = toMoment(clock.now())
      return {
        action: 'keyring.rotate',
        target: purpose,
        before: { active: before.id },
        reason,
        preview: { ...describe(before), id: 'dk_…', createdAt: now, changedAt: now, messages: 0 },
        async commit() {
          const made = await rotateDataKey(purpose, before.id)
          if (made === undefined) throw overtaken()
          return { body: describe(made), after: { active: made.id } }
        },
      }
    },
  }
}

function describe(record: DataKeyRecord): DataKey {
  const { id, purpose, algorithm, state, createdAt, changedAt, usedAt, messages, kek, publicKey } = record
  return {
    id,
    purpose,
    algorithm,
    state,
    createdAt: toMoment(createdAt),
    changedAt: toMoment(changedAt),
    usedAt: usedAt === undefined ? undefined : toMoment(usedAt),
    messages,
    kek,
    publicKey,
  }
}

function overtaken(): DiagnosticError {
  return new DiagnosticError([
    {
      code: 'rotation-overtaken',
      severity: 'error',
      message: 'another process has rotated the key meanwhile',
      fix: 'look at the keyring again',
    },
  ])
}

const fixed = defineProblem(
  'CONFLICT',
  'a key that values are found by cannot be replaced: nothing that was written before would be found any more',
)
const noKey = defineProblem('NOT_FOUND', 'the keyring has no active key for this')
