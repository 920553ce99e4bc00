import {
  openApiKeyManagement,
  type ApiKeyManagement,
  type ApiKeyRecord,
  type NewApiKey,
} from '@gateward/gateway'
import { closest, DiagnosticError, formatDuration } from '@gateward/kernel'
import { InvalidArgumentError, type Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { table } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { dataOptions, existingKeyringOptions, keyringOptions, type DataOptions } from './data-options.ts'
import { durationOption } from './duration-option.ts'

interface KeyOptions extends DataOptions {
  readonly environment?: string
  readonly json?: true
}

/** `gateward keys …`: makes, shows and ends API keys. A running gateway on the same data folder follows at once. */
export function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('make, list, rotate and end API keys')
  addCreate(keys, context)
  addList(keys, context)
  addRotate(keys, context)
  addOnOne(keys, context, 'show', 'everything that is known of a key', (management, id) =>
    management.show(id),
  )
  addOnOne(keys, context, 'revoke', 'end a key for ever', (management, id) => management.revoke(id))
  addOnOne(keys, context, 'disable', 'stop a key until it is enabled again', (management, id) =>
    management.disable(id),
  )
  addOnOne(keys, context, 'enable', 'let a disabled key work again', (management, id) =>
    management.enable(id),
  )
}

interface CreateOptions extends KeyOptions {
  readonly label?: string
  readonly tier?: string
  readonly scope: readonly string[]
  readonly role: readonly string[]
  readonly attribute: readonly (readonly [name: string, value: string])[]
  readonly expires: number
}

function addCreate(keys: Command, context: CommandContext): void {
  common(keys.command('create'))
    .description('make a key; it is shown this once')
    .argument('<consumer>', 'who calls with it; limits and logs count by this')
    .option('--label <text>', 'what people call the consumer (default: the consumer)')
    .option('--tier <name>', 'a tier of the configuration')
    .option('--scope <scope>', 'a scope; may be repeated', collect, [])
    .option('--role <role>', 'a role; may be repeated', collect, [])
    .option('--attribute <name=value>', 'what `owner` compares with; may be repeated', collectPair, [])
    .addOption(durationOption('--expires <duration>', 'how long it lives', '90d'))
    .action(async (consumer: string, options: CreateOptions) => {
      const keyring = await keyringOptions(options)
      if (options.tier !== undefined) assertTier(options.tier, keyring.tiers)
      await using management = await openApiKeyManagement(keyring)
      const made = await management.create({
        consumer,
        label: options.label ?? consumer,
        tier: options.tier,
        scopes: options.scope,
        roles: options.role,
        attributes: Object.fromEntries(options.attribute),
        life: options.expires,
      })
      tellNew(made, options, context)
    })
}

/** A key of a tier that is nowhere defined would be refused or counted otherwise than its owner was told. */
function assertTier(tier: string, tiers: readonly string[] | undefined): void {
  if (tiers === undefined || tiers.includes(tier)) return
  const near = closest(tier, tiers)
  throw new DiagnosticError([
    {
      code: 'unknown-tier',
      severity: 'error',
      message: `the configuration has no tier "${tier}"`,
      fix: near === undefined ? `choose from ${tiers.join(', ')}` : `did you mean "${near}"?`,
    },
  ])
}

function addRotate(keys: Command, context: CommandContext): void {
  common(keys.command('rotate'))
    .description('make a key that takes the place of another, which goes on for a while')
    .argument('<id>', 'the key to replace, as `keys list` names it')
    .addOption(durationOption('--overlap <duration>', 'how long the old key still works', '7d'))
    .addOption(durationOption('--expires <duration>', 'how long the new key lives', '90d'))
    .action(async (id: string, options: KeyOptions & { overlap: number; expires: number }) => {
      await using management = await openApiKeyManagement(await existingKeyringOptions(options))
      const made = await management.rotate(id, { overlap: options.overlap, life: options.expires })
      tellNew(made, options, context)
      if (options.json !== true)
        context.output.out(`The old key ${id} works for ${formatDuration(options.overlap)} more.`)
    })
}

function addList(keys: Command, { output }: CommandContext): void {
  common(keys.command('list'))
    .description('all keys, oldest first; never the keys themselves')
    .option('--consumer <consumer>', 'only the keys of this consumer')
    .action(async (options: KeyOptions & { consumer?: string }) => {
      await using management = await openApiKeyManagement(await existingKeyringOptions(options))
      const records = await listAll(management, options.consumer)
      if (options.json === true) output.out(JSON.stringify(records.map(toShown)))
      else if (records.length === 0)
        output.out('No keys yet. Make one: gateward keys create <consumer> --expires 90d')
      else output.out(table([header, ...records.map(toRow)]))
    })
}

function addOnOne(
  keys: Command,
  { output, end }: CommandContext,
  name: string,
  description: string,
  action: (management: ApiKeyManagement, id: string) => Promise<ApiKeyRecord>,
): void {
  common(keys.command(name))
    .description(description)
    .argument('<id>', 'as `keys list` names it')
    .action(async (id: string, options: KeyOptions) => {
      await using management = await openApiKeyManagement(await existingKeyringOptions(options))
      const record = await action(management, id)
      if (options.json === true) output.out(JSON.stringify(toShown(record)))
      else output.out(table(Object.entries(toShown(record)).map(([member, value]) => [member, shown(value)])))
      end(exitCode.fine)
    })
}

async function listAll(
  management: ApiKeyManagement,
  consumer: string | undefined,
): Promise<readonly ApiKeyRecord[]> {
  const all: ApiKeyRecord[] = []
  for (;;) {
    const after = all.at(-1)
    const page = await management.list({
      limit: 1_000,
      ...(consumer === undefined ? {} : { consumer }),
      ...(after === undefined ? {} : { after }),
    })
    all.push(...page)
    if (page.length < 1_000) return all
  }
}

function tellNew({ key, record }: NewApiKey, options: KeyOptions, { output }: CommandContext): void {
  if (options.json === true) {
    output.out(JSON.stringify({ key: key.reveal(), ...toShown(record) }))
    return
  }
  output.out(key.reveal())
  output.err(`This is the only time the key is shown. Id ${record.id}, until ${isoDay(record.expiresAt)}.`)
}

const header = ['ID', 'KEY', 'CONSUMER', 'TIER', 'STATE', 'ENDS', 'SCOPES']

function toRow(record: ApiKeyRecord): string[] {
  const ended = record.state === 'active' && record.expiresAt <= Date.now()
  return [
    record.id,
    record.display,
    record.consumer,
    record.tier ?? '-',
    ended ? 'expired' : record.state,
    isoDay(record.expiresAt),
    record.scopes.join(' ') || '-',
  ]
}

/** A record without its hash, times as people and programs read them. */
function toShown(record: ApiKeyRecord): Readonly<Record<string, unknown>> {
  const { hash: _hash, createdAt, expiresAt, changedAt, ...rest } = record
  return {
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    changedAt: new Date(changedAt).toISOString(),
  }
}

function shown(value: unknown): string {
  if (value === undefined) return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

function common(command: Command): Command {
  return dataOptions(command)
    .option('--environment <name>', 'what keys are made for (default: as configured, else live)')
    .option('--json', 'the result as JSON')
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function collectPair(
  text: string,
  before: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write name=value.')
  return [...before, [text.slice(0, at), text.slice(at + 1)]]
}
