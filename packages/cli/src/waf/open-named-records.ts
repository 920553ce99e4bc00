import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openRecords, type Records } from '@gateward/gateway'
import { keyringOptions, type DataOptions } from '../commands/data-options.ts'
import { UsageError } from '../usage-error.ts'

/** The records of the data folder as named, as configured, or `./data`. */
export async function openNamedRecords(options: DataOptions): Promise<Records> {
  const location = await keyringOptions(options)
  const folder = join(location.data, 'records')
  if (existsSync(folder)) return openRecords(location)
  throw new UsageError(
    `there are no records in ${folder}`,
    'Name the data folder of a gateway: --data FOLDER',
  )
}
