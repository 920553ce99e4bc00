import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { obeysTheLawsOfAcmeStores } from '../acme-store.contract.ts'
import { obeysTheLawsOfAccountStores } from '../account-store.contract.ts'
import { exampleRecord, obeysTheLawsOfApiKeyStores } from '../api-key-store.contract.ts'
import { obeysTheLawsOfAuditStores } from '../audit-store.contract.ts'
import { obeysTheLawsOfConfigurationStores } from '../configuration-store.contract.ts'
import { obeysTheLawsOfContentKeyStores } from '../content-key-store.contract.ts'
import { obeysTheLawsOfDataKeyStores } from '../data-key-store.contract.ts'
import { obeysTheLawsOfDiscoveryStores } from '../discovery-store.contract.ts'
import { obeysTheLawsOfLeaseStores } from '../lease-store.contract.ts'
import { obeysTheLawsOfHistoryStores } from '../history-store.contract.ts'
import { obeysTheLawsOfAlertStores } from '../alert-store.contract.ts'
import { obeysTheLawsOfAnomalyStores } from '../anomaly-store.contract.ts'
import { openStore } from '../open-store.ts'
import { obeysTheLawsOfQuotaStores } from '../quota-store.contract.ts'
import { obeysTheLawsOfSealedValues } from '../sealed-values.contract.ts'
import { obeysTheLawsOfVersionStores } from '../version-store.contract.ts'
import { openTestLockedStore, openTestStore, openWithKeys } from '../testing.ts'

obeysTheLawsOfAccountStores('SQLite', openTestStore)
obeysTheLawsOfApiKeyStores('SQLite', openTestStore)
obeysTheLawsOfDataKeyStores('SQLite', openTestLockedStore)
obeysTheLawsOfAuditStores('SQLite', openTestStore)
obeysTheLawsOfConfigurationStores('SQLite', openTestStore)
obeysTheLawsOfContentKeyStores('SQLite', openTestStore)
obeysTheLawsOfHistoryStores('SQLite', openTestStore)
obeysTheLawsOfAlertStores('SQLite', openTestStore)
obeysTheLawsOfAnomalyStores('SQLite', openTestStore)
obeysTheLawsOfQuotaStores('SQLite', openTestStore)
obeysTheLawsOfAcmeStores('SQLite', openTestStore)
obeysTheLawsOfLeaseStores('SQLite', openTestStore)
obeysTheLawsOfDiscoveryStores('SQLite', openTestStore)
obeysTheLawsOfVersionStores('SQLite', openTestStore)
obeysTheLawsOfSealedValues('SQLite', openTestStore)

describe('the embedded store', () => {
  it('can be read by its owner only, with the files SQLite makes beside it', async () => {
    await using subject = await openTestStore()
    await subject.store.apiKeys.insert(exampleRecord())
    const modes = readdirSync(subject.directory).map((name) => [
      name,
      (statSync(join(subject.directory, name)).mode & 0o777).toString(8),
    ])
    assert.deepEqual(modes, [
      ['gateward.sqlite', '600'],
      ['gateward.sqlite-shm', '600'],
      ['gateward.sqlite-wal', '600'],
    ])
  })

  it('refuses a file that a newer version has written and leaves it as it is', async () => {
    await using subject = await openTestStore()
    const file = join(subject.directory, 'gateward.sqlite')
    using database = new DatabaseSync(file)
    database.exec("insert into kysely_migration values ('9999-from-the-future', '2030-01-01')")
    await assert.rejects(openStore('sqlite', subject.directory), {
      name: 'Fault',
      code: 'STORE_NEWER',
      message: /9999-from-the-future/,
    })
  })

  it('says which file it cannot open', async () => {
    await using subject = await openTestStore()
    const file = join(subject.directory, 'gateward.sqlite')
    await assert.rejects(openStore('sqlite', join(file, 'beneath-a-file')), {
      name: 'Fault',
      code: 'STORE_UNAVAILABLE',
    })
  })

  it('refuses what is not a database', async () => {
    await using subject = await openTestStore()
    const other = join(subject.directory, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'gateward.sqlite'), 'garbage\n'.repeat(1_000))
    await assert.rejects(openStore('sqlite', other), { name: 'Fault', code: 'STORE_UNAVAILABLE' })
  })

  it('shows a change made by another process in the next revision', async () => {
    await using subject = await openTestStore()
    const { apiKeys } = subject.store
    await apiKeys.insert(exampleRecord())
    const before = await apiKeys.revision()
    await runElsewhere(
      subject.directory,
      `await store.apiKeys.setState('${exampleRecord().id}', 'revoked', 1)`,
    )
    assert.notEqual(await apiKeys.revision(), before)
    assert.equal((await apiKeys.findByHash('hash'))?.state, 'revoked')
  })

  it('can be opened by several processes at once, the first time too', async () => {
    await using subject = await openTestStore()
    const directory = join(subject.directory, 'shared')
    const processes = [1, 2, 3].map((number) =>
      runElsewhere(
        directory,
        `await store.quotas.addBatch([{ key: 'a', policy: 'b', periodStart: 0, used: ${number} }])`,
      ),
    )
    await Promise.all(processes)
    await using opened = await openWithKeys(directory)
    assert.equal(await opened.store.quotas.read('a', 'b', 0), 6)
  })

  it('goes on reading while another process writes, and gives up a write instead of stopping all requests', async () => {
    await using subject = await openTestStore()
    const { apiKeys, quotas } = subject.store
    await apiKeys.insert(exampleRecord())
    const usage = { key: 'a', policy: 'b', periodStart: 0, used: 1 }
    using other = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
    other.exec('begin immediate')
    assert.equal((await apiKeys.findByHash('hash'))?.id, exampleRecord().id)
    assert.throws(() => quotas.addBatch([usage]), /locked/)
    other.exec('rollback')
    await quotas.addBatch([usage])
    assert.equal(await quotas.read('a', 'b', 0), 1)
  })

  it('keeps its tables strict, so that no text can stand where a time belongs', async () => {
    await using subject = await openTestStore()
    const database = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
    const rows = database
      .prepare(
        "select name, strict from pragma_table_list where schema = 'main' and name in ('api_key', 'quota', 'revision')",
      )
      .all()
    database.close()
    assert.deepEqual(
      rows.map((row) => row['strict']),
      [1, 1, 1],
    )
  })
})

/** Runs statements on the same store in a process of its own. */
async function runElsewhere(directory: string, statements: string): Promise<void> {
  const script = `
    const { openWithKeys } = await import(${JSON.stringify(import.meta.resolve('../testing.ts'))})
    await using opened = await openWithKeys(${JSON.stringify(directory)})
    const { store } = opened
    ${statements}`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
}
