import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AlertRecord, Silence } from './alert-store.ts'
import type { StoreUnderTest } from './quota-store.contract.ts'

/** The laws of {@link AlertStore}, for one technology. */
export function obeysTheLawsOfAlertStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`alerts in ${technology}`, () => {
    it('reads back what was saved, also after a restart, and replaces what was there', async () => {
      await using subject = await open()
      const alert = exampleAlert({})
      await subject.store.alerts.save(alert)
      assert.deepEqual(await subject.store.alerts.list({ limit: 9 }), [alert])
      const resolved = exampleAlert({ state: 'resolved', resolvedAt: 9, escalatedAt: 5, silenced: true })
      await subject.store.alerts.save(resolved)
      const { alerts } = await subject.reopen()
      assert.deepEqual(await alerts.list({ limit: 9 }), [resolved])
    })

    it('knows the first who looks after a firing alert, whatever is saved of it later', async () => {
      await using subject = await open()
      const { alerts } = subject.store
      const [ada, bob] = [
        { by: 'ada', at: 5, note: 'on it' },
        { by: 'bob', at: 6, note: '' },
      ]
      assert.equal(await alerts.acknowledge('a', ada), false)
      await alerts.save(exampleAlert({}))
      assert.equal(await alerts.acknowledge('a', ada), true)
      assert.equal(await alerts.acknowledge('a', bob), false)
      await alerts.save(exampleAlert({ count: 9 }))
      assert.deepEqual(await alerts.find('a'), exampleAlert({ count: 9, acknowledgement: ada }))
      await alerts.save(exampleAlert({ id: 'b', state: 'resolved' }))
      assert.equal(await alerts.acknowledge('b', bob), false)
      assert.equal(await alerts.find('c'), undefined)
    })

    it('lists the newest first, of one state, page after page', async () => {
      await using subject = await open()
      const { alerts } = subject.store
      for (let number = 0; number < 6; number++)
        await alerts.save(
          exampleAlert({
            id: `a${number}`,
            openedAt: Math.floor(number / 2),
            state: number % 2 === 0 ? 'firing' : 'resolved',
          }),
        )
      const ids = async (page: Parameters<typeof alerts.list>[0]) =>
        (await alerts.list(page)).map(({ id }) => id)
      assert.deepEqual(await ids({ limit: 4 }), ['a5', 'a4', 'a3', 'a2'])
      assert.deepEqual(await ids({ limit: 4, after: { openedAt: 1, id: 'a2' } }), ['a1', 'a0'])
      assert.deepEqual(await ids({ limit: 4, state: 'firing' }), ['a4', 'a2', 'a0'])
    })

    it('knows the silences that hold, until they end or are lifted', async () => {
      await using subject = await open()
      const { alerts } = subject.store
      const [short, long] = [exampleSilence({ id: 's', until: 10 }), exampleSilence({ id: 'l', until: 20 })]
      await alerts.addSilence(long)
      await alerts.addSilence(short)
      assert.deepEqual(await alerts.silences(5), [short, long])
      assert.deepEqual(await alerts.silences(10), [long])
      assert.equal(await alerts.liftSilence('l'), true)
      assert.equal(await alerts.liftSilence('l'), false)
      assert.deepEqual(await alerts.silences(10), [])
    })

    it('forgets what is over, and never what goes on', async () => {
      await using subject = await open()
      const { alerts } = subject.store
      await alerts.save(exampleAlert({ id: 'old', state: 'resolved', lastAt: 5 }))
      await alerts.save(exampleAlert({ id: 'firing', lastAt: 5 }))
      await alerts.save(exampleAlert({ id: 'new', state: 'resolved', lastAt: 15 }))
      await alerts.addSilence(exampleSilence({ until: 5 }))
      await alerts.deleteBefore(10)
      assert.deepEqual((await alerts.list({ limit: 9 })).map(({ id }) => id).sort(), ['firing', 'new'])
      assert.deepEqual(await alerts.silences(1), [])
    })
  })
}

function exampleAlert(changes: Partial<AlertRecord>): AlertRecord {
  return {
    id: 'a',
    rule: 'error-spike',
    subject: 'shop',
    severity: 'high',
    state: 'firing',
    openedAt: 1,
    lastAt: 2,
    resolvedAt: undefined,
    escalatedAt: undefined,
    count: 3,
    summary: 'many "errors" Ω',
    details: ['one', 'two'],
    silenced: false,
    acknowledgement: undefined,
    ...changes,
  }
}

function exampleSilence(changes: Partial<Silence>): Silence {
  return { id: 's', rule: '*', subject: 'shop', createdAt: 1, until: 10, reason: 'maintenance', ...changes }
}
