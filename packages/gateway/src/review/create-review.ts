import { Breather, type Clock } from '@gateward/kernel'
import type { Signer } from '../keyring/data-keys/data-keys.ts'
import { readAnchors } from '../audit/read-anchors.ts'
import { verifyAudit } from '../audit/verify-chain.ts'
import type { Configuration } from '../config/configuration.ts'
import type { RecordArchive } from '../observe/records/record-archive.ts'
import { createRulesLoader } from '../site/load-rules.ts'
import type { AuditRow } from '../store/audit-store.ts'
import type { RollupDimension } from '../store/history-store.ts'
import type { Store } from '../store/store.ts'
import { findEndings } from './find-endings.ts'
import { findExceptions } from './find-exceptions.ts'
import { matchedRules } from './matched-rules.ts'
import type { Review } from './review.ts'

/** What a review is made from. */
export interface ReviewInput {
  readonly store: Store
  readonly signer: Pick<Signer, 'verify'>
  readonly clock: Clock
  /** Milliseconds that it looks back, and ahead for what ends. */
  readonly period: number
  /** The data folder. */
  readonly data: string
  /** `undefined` where there is none: then nothing is said of exceptions and rules. */
  readonly configuration: Configuration | undefined
  /**
   * Where rules that matched nothing are looked for, else `undefined`: rules are compiled and every record is read, for seconds.
   */
  readonly records: RecordArchive | undefined
}

/** Puts together what happened within a period, what is an exception, and what ends soon. */
export async function createReview(input: ReviewInput): Promise<Review> {
  const { store, signer, clock, data, period, configuration, records } = input
  const to = clock.now()
  const from = to - period
  const rows = await readRows(store, from)
  const verification = await verifyAudit(store.audit, { signer, ...(await readAnchors(data)) })
  const [reviewed] = await store.audit.list({ limit: 1, action: 'audit.review' })
  const count = (dimension: RollupDimension) => countRefusals(store, { dimension, from, to })
  return {
    from: moment(from),
    to: moment(to),
    integrity: {
      rows: verification.rows,
      findings: verification.findings.map(({ message }) => message),
    },
    lastReview: reviewed && { at: moment(reviewed.at), by: reviewed.actor },
    changes: summarize(rows),
    exceptions: configuration === undefined ? [] : findExceptions(configuration, clock),
    endings: await findEndings(store, configuration, { now: to, ahead: period, clock }),
    refusals: await count('guard'),
    refusedOperations: await count('operation'),
    unusedRules:
      records !== undefined && configuration !== undefined
        ? await findUnusedRules(records, configuration, from)
        : undefined,
    idleAccounts: await findIdleAccounts(store, rows),
  }
}

/** Small, since a page is read from the store at once. */
const pageSize = 200
const mostRows = 100_000
const mostTargets = 10

async function readRows(store: Store, since: number): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = []
  const breather = new Breather()
  while (rows.length < mostRows) {
    const page = await store.audit.list({ limit: pageSize, since, before: rows.at(-1)?.number })
    rows.push(...page)
    if (page.length < pageSize) break
    await breather.pause()
  }
  return rows
}

function summarize(rows: readonly AuditRow[]): Review['changes'] {
  const groups = Map.groupBy(rows, ({ action, actor }) => JSON.stringify([action, actor]))
  return [...groups.values()]
    .map((group) => {
      const [first] = group as [AuditRow]
      return {
        action: first.action,
        actor: first.actor,
        times: group.length,
        targets: [...new Set(group.map(({ target }) => target).filter((target) => target !== ''))].slice(
          0,
          mostTargets,
        ),
        refused: group.filter(({ body }) => outcomeOf(body) !== 'done').length,
      }
    })
    .sort((left, right) => right.times - left.times)
}

async function countRefusals(
  store: Store,
  range: { readonly dimension: RollupDimension; readonly from: number; readonly to: number },
): Promise<Review['refusals']> {
  const rollups = await store.history.sum({ step: 3600, ...range, limit: 1_000 })
  return rollups
    .map(({ name, refused }) => ({ name, count: refused }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count)
    .slice(0, 10)
}

async function findUnusedRules(
  records: RecordArchive,
  configuration: Configuration,
  since: number,
): Promise<Review['unusedRules']> {
  const { waf } = await createRulesLoader()(configuration)
  if (waf === undefined) return undefined
  const matched = await matchedRules(records, since)
  const ids = waf.describeRules().map(({ id }) => id)
  return { total: ids.length, ids: ids.filter((id) => id > 0 && !matched.has(id)) }
}

async function findIdleAccounts(store: Store, rows: readonly AuditRow[]): Promise<readonly string[]> {
  const seen = new Set(rows.filter(({ action }) => action === 'session.open').map(({ actor }) => actor))
  const accounts = await store.accounts.list()
  return accounts
    .filter(({ name, enabled, role }) => enabled && role !== 'viewer' && !seen.has(name))
    .map(({ name }) => name)
}

function outcomeOf(body: string): unknown {
  return (JSON.parse(body) as { readonly outcome?: unknown }).outcome
}

function moment(time: number): string {
  return new Date(time).toISOString()
}
