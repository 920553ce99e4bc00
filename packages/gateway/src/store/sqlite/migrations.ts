import type { Migration } from 'kysely'
import { createApiKeys } from './migrations/0001-api-keys.ts'
import { createQuotas } from './migrations/0002-quotas.ts'
import { createDataKeys } from './migrations/0003-data-keys.ts'
import { createAcme } from './migrations/0004-acme.ts'
import { createHistory } from './migrations/0030-history.ts'

/**
 * Every step from an empty file to the schema of this version, in order of name. A step that was published is never
 * changed; there is no way back: an older program refuses a newer file.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-api-keys': { up: createApiKeys },
  '0002-quotas': { up: createQuotas },
  '0003-data-keys': { up: createDataKeys },
  '0004-acme': { up: createAcme },
  '0030-history': { up: createHistory },
}
