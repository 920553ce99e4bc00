import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditRow, AuditStore, SealedRow } from './audit-store.ts'
import type { Store } from './store.ts'

/** A store under test, and how it is restarted. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store
  reopen(): Promise<Store>
}

/** The laws of {@link AuditStore}, for one technology. */
export function obeysTheLawsOfAuditStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the audit log in ${technology}`, () => {
    it('hands each row the one before it, and numbers without a gap', async () => {
      await using subject = await open()
      const { audit } = subject.store
      const seen: (AuditRow | undefined)[] = []
      for (const action of ['a', 'b', 'c'])
        await audit.append((last) => {
          seen.push(last)
          return next(last, { action })
        })
      const rows = await audit.read(0, 10)
      assert.deepEqual(
        rows.map(({ number, action }) => [number, action]),
        [
          [1, 'a'],
          [2, 'b'],
          [3, 'c'],
        ],
      )
      assert.deepEqual(seen, [undefined, rows[0], rows[1]])
    })

    it('keeps rows and seals over a restart', async () => {
      await using subject = await open()
      const row = await subject.store.audit.append((last) => next(last, { action: 'key.revoke' }))
      const { audit } = await subject.reopen()
      assert.deepEqual(await audit.last(), row)
      assert.deepEqual(await audit.seals(), [next(undefined, {}).seal])
    })

    it('adds nothing where making the row fails', async () => {
      await using subject = await open()
      const { audit } = subject.store
      await assert.rejects(async () =>
        audit.append(() => {
          throw new Error('no')
        }),
      )
      assert.equal(await audit.last(), undefined)
    })

    it('finds rows by who, what, where and when, the newest first, in pages', async () => {
      await using subject = await open()
      const { audit } = subject.store
      await fill(audit)
      const numbersOf = async (page: Omit<Parameters<AuditStore['list']>[0], 'limit'>) =>
        (await audit.list({ limit: 10, ...page })).map(({ number }) => number)
      assert.deepEqual(await numbersOf({}), [4, 3, 2, 1])
      assert.deepEqual(await numbersOf({ before: 3 }), [2, 1])
      assert.deepEqual(await numbersOf({ actor: 'ada' }), [3, 1])
      assert.deepEqual(await numbersOf({ action: 'key.create' }), [1])
      assert.deepEqual(await numbersOf({ action: 'key.' }), [3, 1])
      assert.deepEqual(await numbersOf({ target: 'k1' }), [3, 1])
      assert.deepEqual(await numbersOf({ since: 2_000, until: 3_000 }), [3, 2])
      assert.equal((await audit.list({ limit: 2 })).length, 2)
      assert.equal((await audit.list({ limit: 0 })).length, 1)
    })
  })
}

async function fill(audit: AuditStore): Promise<void> {
  const rows = [
    { actor: 'ada', action: 'key.create', target: 'k1' },
    { actor: 'bob', action: 'keyring.rotate', target: '' },
    { actor: 'ada', action: 'key.revoke', target: 'k1' },
    { actor: 'bob', action: 'keys.other', target: 'k2' },
  ]
  for (const row of rows) await audit.append((last) => next(last, row))
}

function next(last: AuditRow | undefined, change: Partial<AuditRow>): SealedRow {
  const number = (last?.number ?? 0) + 1
  const at = number * 1_000
  const row = {
    number,
    at,
    actor: 'ada',
    action: 'test',
    target: '',
    body: '{}',
    hash: `h${number}`,
    ...change,
  }
  return { row, seal: { number, hash: row.hash, at, keyId: 'k', signature: 's' } }
}
