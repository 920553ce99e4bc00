import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, type DataOptions } from '../commands/data-options.ts'
import { UsageError } from '../usage-error.ts'

/** The folder of records: of the data folder as named, as configured, or `./data`. */
export async function recordFolder(options: DataOptions): Promise<string> {
  const folder = join(await dataFolder(options), 'records')
  if (existsSync(folder)) return folder
  throw new UsageError(
    `there are no records in ${folder}`,
    'Name the data folder of a gateway: --data FOLDER',
  )
}
