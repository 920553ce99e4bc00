import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditRow, AuditSeal, AuditStore, SealedRow } from './audit-store.ts'
import type { Store } from './store.ts'

/** A store under test, and how it is restarted. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store
  reopen(): Promise<Store>
}

/** The laws of {@link AuditStore}, for one technology. */
export function obeysTheLawsOfAuditStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the audit log in ${technology}`, () => {
    it('numbers without a gap, and adds only what comes next', async () => {
      await using subject = await open()
      const { audit } = subject.store
      for (const number of [1, 2, 3]) assert.equal(await audit.append(sealed(number)), true)
      for (const number of [1, 3, 5]) assert.equal(await audit.append(sealed(number)), false)
      const rows = await audit.read(0, 10)
      assert.deepEqual(
        rows.map(({ number }) => number),
        [1, 2, 3],
      )
      assert.deepEqual(await audit.last(), rows[2])
    })

    it('keeps rows and seals over a restart', async () => {
      await using subject = await open()
      const { row, seal } = sealed(1)
      await subject.store.audit.append({ row, seal })
      const { audit } = await subject.reopen()
      assert.deepEqual([await audit.last(), await audit.seals(0, 10)], [row, [seal]])
    })

    it('gives seals from a number on, in pages, and the last one', async () => {
      await using subject = await open()
      const { audit } = subject.store
      assert.equal(await audit.lastSeal(), undefined)
      for (const number of [1, 2, 3]) await audit.append(sealed(number))
      const numbers = (await audit.seals(2, 1)).map(({ number }) => number)
      assert.deepEqual([numbers, (await audit.seals(2, 10)).length], [[2], 2])
      assert.equal((await audit.lastSeal())?.number, 3)
    })

    it('takes one of two that come at once', async () => {
      await using subject = await open()
      const { audit } = subject.store
      const added = await Promise.all([audit.append(sealed(1)), audit.append(sealed(1, { actor: 'bob' }))])
      assert.deepEqual(added.toSorted(), [false, true])
      assert.equal((await audit.read(0, 10)).length, 1)
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
  for (const [index, row] of rows.entries()) await audit.append(sealed(index + 1, row))
}

function sealed(number: number, change: Partial<AuditRow> = {}): SealedRow & { readonly seal: AuditSeal } {
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
