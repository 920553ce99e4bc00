import type { Kysely } from 'kysely'
import type { Sealing } from '../../../keyring/sealing/sealing.ts'

/** The step that seals what earlier versions have stored as it was: who has which API key, what was counted for whom, and private keys. */
export async function sealValues(schema: Kysely<unknown>, keys: () => Sealing): Promise<void> {
  const sealing = keys()
  await schema.schema
    .alterTable('api_key')
    .addColumn('consumer_index', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await sealApiKeys(schema.withTables<{ api_key: ApiKeyRow }>(), sealing)
  await schema.schema
    .createIndex('api_key_by_consumer')
    .on('api_key')
    .columns(['consumer_index', 'created_at', 'id'])
    .execute()
  await sealPrivateKeys(
    schema.withTables<{ acme_account: AccountRow; acme_certificate: CertificateRow }>(),
    sealing,
  )
  await hideQuotaKeys(schema.withTables<{ quota: { key: string } }>(), sealing)
}

interface ApiKeyRow {
  readonly id: string
  readonly consumer: string
  readonly consumer_index: string
  readonly label: string
  readonly attributes: string
}

async function sealApiKeys(schema: Kysely<{ api_key: ApiKeyRow }>, sealing: Sealing): Promise<void> {
  const index = sealing.index('api_key', 'consumer')
  const seal = (column: 'consumer' | 'label' | 'attributes', row: ApiKeyRow): string =>
    sealing.column('api_key', column).seal(row.id, row[column])
  const rows = await schema.selectFrom('api_key').selectAll().execute()
  for (const row of rows)
    await schema
      .updateTable('api_key')
      .set({
        consumer: seal('consumer', row),
        consumer_index: index.of(row.consumer),
        label: seal('label', row),
        attributes: seal('attributes', row),
      })
      .where('id', '=', row.id)
      .execute()
}

async function hideQuotaKeys(schema: Kysely<{ quota: { key: string } }>, sealing: Sealing): Promise<void> {
  const index = sealing.index('quota', 'key')
  const rows = await schema.selectFrom('quota').select('key').distinct().execute()
  for (const { key } of rows)
    await schema
      .updateTable('quota')
      .set({ key: index.of(key) })
      .where('key', '=', key)
      .execute()
}

interface AccountRow {
  readonly directory: string
  readonly key: string
}

interface CertificateRow {
  readonly name: string
  readonly key: string
}

async function sealPrivateKeys(
  schema: Kysely<{ acme_account: AccountRow; acme_certificate: CertificateRow }>,
  sealing: Sealing,
): Promise<void> {
  const accounts = sealing.column('acme_account', 'key')
  for (const { directory, key } of await schema.selectFrom('acme_account').selectAll().execute())
    await schema
      .updateTable('acme_account')
      .set({ key: accounts.seal(directory, key) })
      .where('directory', '=', directory)
      .execute()
  const certificates = sealing.column('acme_certificate', 'key')
  for (const { name, key } of await schema.selectFrom('acme_certificate').select(['name', 'key']).execute())
    await schema
      .updateTable('acme_certificate')
      .set({ key: certificates.seal(name, key) })
      .where('name', '=', name)
      .execute()
}
