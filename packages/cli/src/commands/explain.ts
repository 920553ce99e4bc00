import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { explain, guardOrder, openRecords } from '@gateward/gateway'
import type { Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { nearby } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { dataFolder, dataOptions, keyringOptions, type DataOptions } from './data-options.ts'

/** `gateward explain <request-id>`: the whole decision about one exchange. */
export function addExplain(program: Command, { output, end }: CommandContext): void {
  dataOptions(program.command('explain'))
    .description('tell why a request was answered as it was')
    .argument('<request-id>', 'the X-Request-Id of the answer, or requestId in its body')
    .option('--json', 'the record as JSON')
    .action(async (id: string, options: DataOptions & { json?: true }) => {
      const records = join(await dataFolder(options), 'records')
      if (!existsSync(records)) {
        output.err(
          `There are no records in ${records}. Name the data folder of the gateway that answered: --data FOLDER`,
        )
        return end(exitCode.invalid)
      }
      await using opened = await openRecords(await keyringOptions(options))
      const record = await opened.find(id)
      if (record === undefined) {
        output.err(
          `No record of ${id} in ${records}. It is older than what is kept (observe.records.maxSize), or another gateway's.`,
        )
        return end(exitCode.invalid)
      }
      const page = { width: output.width, shorten: nearby }
      output.out(options.json === true ? JSON.stringify(record) : explain(record, guardOrder, page))
    })
}
