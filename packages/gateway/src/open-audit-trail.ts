import { userInfo } from 'node:os'
import { systemClock } from '@gateward/kernel'
import { anchorStatement, makeAnchor, type Anchor } from './audit/anchor.ts'
import type { AuditActor } from './audit/audit-event.ts'
import { createAuditLog, type AuditLog } from './audit/audit-log.ts'
import { readAnchors, writeAnchor } from './audit/read-anchors.ts'
import { verifyAudit, type AuditVerification } from './audit/verify-chain.ts'
import { openKeyring, type KeyringLocation, type OpenKeyring } from './open-keyring.ts'
import { openArchive } from './open-records.ts'
import { createReview, type ReviewInput } from './review/create-review.ts'
import type { Review } from './review/review.ts'
import { toSignedReview } from './review/sign-off.ts'
import type { AuditPage, AuditRow } from './store/audit-store.ts'

/** The audit log of a data folder, for the command line; a gateway may run on the same one. */
export interface AuditTrail extends AsyncDisposable {
  list(page: AuditPage): Promise<readonly AuditRow[]>
  /** Checks the whole log against its signatures, the anchors in the data folder, and those of `files`. */
  verify(files: readonly string[]): Promise<AuditVerification & { readonly anchors: number }>
  /** Writes the end of the log into `file` and the data folder; `undefined` where the log is empty. */
  anchor(file: string | undefined, timestamp: TimestampAuthority | undefined): Promise<Anchor | undefined>
  /** What happened within a period, what is an exception, and what ends soon. */
  review(input: Pick<ReviewInput, 'period' | 'configuration'>): Promise<Review>
  /** Writes down that somebody has read a review. */
  signOff(review: Review, by: string, reason: string | undefined): Promise<SignOff>
}

/** That a review was read. */
interface SignOff {
  readonly by: string
  /** The row of the audit log that says so. */
  readonly row: number
  /** SHA-256 of the review as canonical JSON, hexadecimal. */
  readonly review: string
}

/** Who puts a date on an anchor. */
interface TimestampAuthority {
  readonly url: string
  /** PEM with the authority's root. */
  readonly ca: string
}

/** @throws Fault `KEK_…` or `STORE_…` */
export async function openAuditTrail(location: KeyringLocation): Promise<AuditTrail> {
  const stack = new AsyncDisposableStack()
  try {
    return createTrail(location.data, await openKeyring(location, systemClock, stack), stack)
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}

/** The audit log of an open keyring, signed with its key. */
export function openSignedAudit({ store, dataKeys }: OpenKeyring): AuditLog {
  return createAuditLog({ store: store.audit, clock: systemClock, signer: dataKeys.signer('audit') })
}

/** Whoever uses the command line, as the machine knows them. */
export function commandLineActor(): AuditActor {
  return { name: `cli ${userName()}`, kind: 'cli' }
}

function createTrail(data: string, keyring: OpenKeyring, stack: AsyncDisposableStack): AuditTrail {
  const { store, dataKeys } = keyring
  const log = openSignedAudit(keyring)
  return {
    list: async (page) => store.audit.list(page),
    async verify(files) {
      const anchors = await readAnchors(data, files)
      const found = await verifyAudit(store.audit, { signer: dataKeys.signer('audit'), ...anchors })
      return { ...found, anchors: anchors.knownHeads.length }
    },
    async anchor(file, authority) {
      const made = await makeAnchor(store.audit, dataKeys.signer('audit'))
      if (made === undefined) return undefined
      const timestamp = authority && {
        authority: authority.url,
        response: await dateBy(authority, anchorStatement(made)),
      }
      const anchor = timestamp === undefined ? made : { ...made, timestamp }
      writeAnchor(data, anchor, file)
      return anchor
    },
    review: (input) =>
      createReview({
        ...input,
        data,
        store,
        signer: dataKeys.signer('audit'),
        clock: systemClock,
        records: openArchive(data, store),
      }),
    async signOff(review, by, reason) {
      const actor = { ...commandLineActor(), name: by }
      const after = toSignedReview(review)
      const row = await log.record({
        actor,
        action: 'audit.review',
        target: '',
        after,
        reason,
        outcome: 'done',
      })
      return { by, row: row.number, review: after.review }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function dateBy(authority: TimestampAuthority, statement: Buffer): Promise<string> {
  const { requestTimestamp } = await import('./audit/timestamp.ts')
  return requestTimestamp(statement, authority)
}

// A container may run under a number that has no name.
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
