import { reencryptApi, type ReencryptionProgress } from '@gateward/gateway'
import { Secret } from '@gateward/kernel'
import { InvalidArgumentError, type Command } from 'commander'
import { plural } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { UsageError } from '../usage-error.ts'
import { defaultConfigurationFile } from './data-options.ts'
import { addDiscover } from './fields-discover.ts'

interface ReencryptOptions {
  readonly config: string
  readonly operation?: string
  readonly header: readonly string[]
  readonly pace: number
  readonly dryRun?: true
  readonly restart?: true
  readonly json?: true
}

/** `gateward fields`: which fields carry personal data, and what services hold of it unencrypted or under former keys. */
export function addFields(program: Command, context: CommandContext): void {
  const fields = program.command('fields').description('encrypted fields of the APIs behind the gateway')
  addReencrypt(fields, context)
  addDiscover(fields, context)
}

function addReencrypt(fields: Command, { output }: CommandContext): void {
  fields
    .command('reencrypt')
    .description('rewrite the objects of a service whose fields are unencrypted, or under a former key')
    .argument('<api>', 'the name of the API in the configuration')
    .option('-c, --config <file>', 'the configuration', defaultConfigurationFile)
    .option('--operation <id>', 'the listing, where more than one declares x-gateward: { reencrypt }')
    .option(
      '--header <field>',
      'what the service wants to be asked with: "Authorization: env:TOKEN"',
      collect,
      [],
    )
    .option('--pace <number>', 'objects written a second at the most', toPace, 50)
    .option('--dry-run', 'only count what would be rewritten')
    .option('--restart', 'begin anew instead of where it was broken off')
    .option('--json', 'the counts as JSON')
    .action(async (api: string, options: ReencryptOptions) => {
      const tell = createTeller((text) => output.err(text))
      const progress = await reencryptApi({
        configuration: { file: options.config, env: process.env },
        api,
        operation: options.operation,
        headers: options.header.map(readHeader),
        pace: options.pace,
        isTrial: options.dryRun === true,
        restart: options.restart === true,
        onProgress: tell,
      })
      output.out(options.json === true ? JSON.stringify(progress) : summary(progress, options))
    })
}

function summary({ seen, rewritten }: ReencryptionProgress, { dryRun }: ReencryptOptions): string {
  const rest = plural(seen, 'object')
  if (dryRun === true)
    return `${plural(rewritten, 'object')} of ${rest} would be rewritten; nothing was changed`
  if (rewritten === 0) return `${rest} seen, all of them under the active keys: former keys can be retired`
  return `${plural(rewritten, 'object')} of ${rest} rewritten under the active keys\nRun it once more to see that nothing is left, then: gateward keyring retire <key id>`
}

// Only what takes longer than two seconds is told while it goes on.
function createTeller(tell: (text: string) => void): (progress: ReencryptionProgress) => void {
  let next = performance.now() + 2_000
  return ({ pages, seen, rewritten }) => {
    if (performance.now() < next) return
    next = performance.now() + 2_000
    tell(
      `${plural(pages, 'page')}, ${plural(seen, 'object')} seen, ${rewritten.toLocaleString('en')} rewritten`,
    )
  }
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value]
}

function toPace(text: string): number {
  const pace = Number(text)
  if (!(pace > 0 && pace <= 100_000)) throw new InvalidArgumentError('write a number above 0: 50')
  return pace
}

// A secret on a command line is in the list of processes for everybody to read, so it comes from the environment.
function readHeader(text: string): readonly [string, Secret] {
  const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(?:env:([A-Za-z_]\w*)|(.*))$/.exec(text)
  if (found === null)
    throw new UsageError(
      `--header ${text.split(':', 1)[0]} is no header field`,
      'write --header "Authorization: env:TOKEN"',
    )
  const [, name = '', variable, value = ''] = found
  if (variable === undefined) return [name.toLowerCase(), new Secret(value)]
  const secret = process.env[variable]
  if (secret === undefined || secret === '')
    throw new UsageError(`the environment variable ${variable} is not set`, `set ${variable}`)
  return [name.toLowerCase(), new Secret(secret)]
}
