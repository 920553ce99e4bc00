import { defineProblem } from '@gateward/kernel'
import type { SessionRecord } from '../../store/account-store.ts'
import type { Caller } from '../access/caller.ts'
import type { AdminParts } from '../parts.ts'
import { known } from './log-in.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type OwnSessionRoutes = Pick<AdminRoutes, 'listSessions' | 'endSession' | 'endOtherSessions'>

/** Where the own account is logged in, and how that ends from elsewhere. */
export function ownSessionRoutes({ audit, sessions }: AdminParts): OwnSessionRoutes {
  const end = async ({ actor, account }: Caller, hashes: readonly string[], requestId: string) => {
    for (const hash of hashes) await sessions.close(hash)
    await audit.record({
      actor,
      action: 'session.end',
      target: account.id,
      before: { sessions: hashes.map(toId) },
      outcome: 'done',
      requestId,
    })
  }
  return {
    async listSessions({ caller }) {
      const { account, session } = known(caller)
      const found = await sessions.listOf(account.id)
      return { body: { sessions: found.map((record) => describe(record, session)) } }
    },

    async endSession({ path: { id }, caller, requestId }) {
      const own = known(caller)
      if (own.session === undefined) return refuse(notByToken)
      const found = (await sessions.listOf(own.account.id)).find(({ hash }) => toId(hash) === id)
      if (found === undefined) return refuse(noSession)
      await end(own, [found.hash], requestId)
      return { body: undefined }
    },

    async endOtherSessions({ caller, requestId }) {
      const own = known(caller)
      if (own.session === undefined) return refuse(notByToken)
      const hashes = (await sessions.listOf(own.account.id))
        .map(({ hash }) => hash)
        .filter((hash) => hash !== own.session)
      if (hashes.length > 0) await end(own, hashes, requestId)
      return { body: { ended: hashes.length } }
    },
  }
}

function describe({ hash, method, createdAt, usedAt, expiresAt }: SessionRecord, own: string | undefined) {
  return {
    id: toId(hash),
    method,
    createdAt: toMoment(createdAt),
    usedAt: toMoment(usedAt),
    expiresAt: toMoment(expiresAt),
    isOwn: hash === own,
  }
}

/** A part of the hash: it names a session among the few of an account, and nobody can log in with it. */
function toId(hash: string): string {
  return `ses_${hash.slice(0, 16)}`
}

const noSession = defineProblem('NOT_FOUND', 'the account has no such session, or it has ended')
const notByToken = defineProblem('FORBIDDEN', 'a program ends no sessions of people')
