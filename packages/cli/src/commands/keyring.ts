import { setTimeout as sleep } from 'node:timers/promises'
import {
  openKeyringManagement,
  toShownKey,
  type DataKeyStatus,
  type KeyringManagement,
} from '@gateward/gateway'
import { InvalidArgumentError, type Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { plural, table } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { keyringOptions } from './data-options.ts'
import { addBackup, addRestore } from './keyring-backup.ts'
import { keyringCommand, openNamed, type KeyringOptions } from './keyring-command.ts'

/** `gateward keyring …`: the keys that encrypt. A running gateway on the same data folder follows at once. */
export function addKeyring(program: Command, context: CommandContext): void {
  const keyring = program
    .command('keyring')
    .description('list, rotate, end, back up and restore encryption keys')
  addCreate(keyring, context)
  addList(keyring, context)
  addRotate(keyring, context)
  addRewrap(keyring, context)
  addOnOne(keyring, context, 'retire', 'take a key that only decrypts out of use', (management, id) =>
    management.retire(id),
  )
  addOnOne(keyring, context, 'reinstate', 'let a retired key decrypt again', (management, id) =>
    management.reinstate(id),
  )
  addDestroy(keyring, context)
  addEvidence(keyring, context)
  addBackup(keyring, context)
  addRestore(keyring, context)
}

function addCreate(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'create')
    .description('make the keyring of a data folder before the first start, or what is missing in it')
    .action(async (options: KeyringOptions) => {
      await using management = await openKeyringManagement(await keyringOptions(options))
      const keys = await management.list()
      if (options.json === true) return output.out(JSON.stringify(keys.map(toShownKey)))
      const active = keys.filter(({ state }) => state === 'active')
      output.out(
        `The keyring is there: ${plural(active.length, 'active key')}, wrapped by ${active[0]?.kek ?? '-'}.`,
      )
      output.out('Next: save it where the data folder is not: gateward keyring backup --help')
    })
}

function addList(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'list')
    .description('all keys, oldest first, with age, use, and what of our own store is under them')
    .option('--purpose <purpose>', 'only the keys of this purpose')
    .action(async (options: KeyringOptions & { purpose?: string }) => {
      await using management = await openNamed(options)
      const keys = (await management.list()).filter(
        ({ purpose }) => options.purpose === undefined || purpose === options.purpose,
      )
      if (options.json === true) output.out(JSON.stringify(keys.map(toShownKey)))
      else output.out(table([header, ...keys.map(toRow)]))
    })
}

const header = ['ID', 'PURPOSE', 'STATE', 'AGE', 'LAST USED', 'MESSAGES', 'VALUES', 'WRAPPED BY']

function toRow(key: DataKeyStatus): string[] {
  const messages = key.messages.toLocaleString('en')
  return [
    key.id,
    key.purpose,
    key.state,
    plural(Math.floor(key.age / 86_400_000), 'day'),
    key.usedAt === undefined ? '-' : new Date(key.usedAt).toISOString().slice(0, 16).replace('T', ' '),
    key.algorithm === 'A256GCM' ? `${messages} (${percent(key.messages / key.limit)})` : messages,
    String(key.values),
    key.state === 'destroyed' ? '-' : key.kek,
  ]
}

function percent(share: number): string {
  return share === 0 || share >= 0.001 ? `${(share * 100).toFixed(1)} %` : '< 0.1 %'
}

function addRotate(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'rotate')
    .description('give a purpose a new key; the one before goes on to decrypt')
    .argument('<purpose>', 'as `keyring list` names it, such as fields or store')
    .action(async (purpose: string, options: KeyringOptions) => {
      await using management = await openNamed(options)
      const { made, before } = await management.rotate(purpose)
      if (options.json === true)
        return output.out(JSON.stringify({ purpose, active: made.id, decryptOnly: before.id }))
      output.out(`${made.id} is the key for ${purpose} now, on every gateway of this store within 2 seconds.`)
      output.out(`${before.id} goes on to decrypt what was encrypted before.`)
      output.out(nextAfterRotation(purpose, before.id))
    })
}

function nextAfterRotation(purpose: string, before: string): string {
  if (purpose === 'store') return `Next: gateward keyring rewrap, then: gateward keyring retire ${before}`
  if (purpose === 'audit') return 'Next: nothing. What the key before has signed can be verified for ever.'
  if (purpose === 'fields-index' || purpose === 'fields-deterministic')
    return `Searches find rows written before only where the contract says several: (see the guide "Personal data").\nNext: gateward fields reencrypt <api>, until nothing is left, then: gateward keyring retire ${before}`
  return `Next: encrypt the rows of the services behind the gateway anew, then: gateward keyring retire ${before}`
}

interface RewrapOptions extends KeyringOptions {
  readonly pace?: number
}

/** Milliseconds between two lines of progress. */
const tellEvery = 2_000

function addRewrap(keyring: Command, { output, end }: CommandContext): void {
  keyringCommand(keyring, 'rewrap')
    .description('put values of the store under the active key, and keys under the provider of now')
    .option('--pace <values>', 'most values a second (default: 2000)', toPace)
    .action(async (options: RewrapOptions) => {
      await using management = await openNamed(options)
      const pace = options.pace === undefined ? undefined : { step: 50, rest: (50 / options.pace) * 1_000 }
      let last = { keys: 0, values: 0, remaining: 0 }
      let toldAt = performance.now()
      for await (const progress of management.rewrap(pace)) {
        last = progress
        if (performance.now() - toldAt < tellEvery) continue
        toldAt = performance.now()
        output.err(`${plural(last.values, 'value')} done, ${last.remaining.toLocaleString('en')} to go`)
      }
      const idle = await findIdle(management)
      if (options.json === true) output.out(JSON.stringify({ ...last, idle }))
      else tellRewrapped(last, idle, output)
      end(last.remaining === 0 ? exitCode.fine : exitCode.incomplete)
    })
}

function tellRewrapped(
  { keys, values }: { readonly keys: number; readonly values: number },
  idle: readonly string[],
  output: CommandContext['output'],
): void {
  output.out(
    keys + values === 0
      ? 'Everything was under the keys of now already.'
      : `${plural(values, 'value')} and ${plural(keys, 'key')} are under the keys of now.`,
  )
  for (const id of idle) output.out(`Nothing is under ${id} any more. Next: gateward keyring retire ${id}`)
}

/** Keys of the store under which nothing is left. */
async function findIdle(management: KeyringManagement): Promise<readonly string[]> {
  // What a running gateway has written in the last moment is counted too.
  await sleep(50)
  return (await management.list())
    .filter(({ purpose, state, values }) => purpose === 'store' && state === 'decrypt-only' && values === 0)
    .map(({ id }) => id)
}

function toPace(text: string): number {
  const pace = Number(text)
  if (!/^\d{1,7}$/.test(text) || pace < 1)
    throw new InvalidArgumentError('Write a whole number of values a second.')
  return pace
}

function addOnOne(
  keyring: Command,
  { output }: CommandContext,
  name: 'retire' | 'reinstate',
  description: string,
  action: (management: KeyringManagement, id: string) => Promise<DataKeyStatus>,
): void {
  keyringCommand(keyring, name)
    .description(description)
    .argument('<id>', 'as `keyring list` names it')
    .action(async (id: string, options: KeyringOptions) => {
      await using management = await openNamed(options)
      const key = await action(management, id)
      if (options.json === true) output.out(JSON.stringify(toShownKey(key)))
      else for (const line of told[name](key)) output.out(line)
    })
}

const told: Readonly<Record<'retire' | 'reinstate', (key: DataKeyStatus) => readonly string[]>> = {
  retire: ({ id, purpose, usedAt }) => [
    `${id} is retired: nothing is decrypted with it any more, and what still needs it is a clear fault.`,
    usedAt === undefined ? 'It was never used.' : `It was last used on ${new Date(usedAt).toISOString()}.`,
    `If something misses it: gateward keyring reinstate ${id}`,
    purpose === 'audit'
      ? 'Its signatures can be verified all the same.'
      : `When nothing does for long enough: gateward keyring destroy ${id} --confirm ${id}`,
  ],
  reinstate: ({ id }) => [`${id} decrypts again.`],
}

function addDestroy(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'destroy')
    .description('destroy a retired key for ever, and with it whatever is still encrypted under it')
    .argument('<id>', 'as `keyring list` names it')
    .option('--confirm <id>', 'the same id once more')
    .action(async (id: string, options: KeyringOptions & { confirm?: string }) => {
      await using management = await openNamed(options)
      const key = await management.destroy(id, options.confirm)
      if (options.json === true) return output.out(JSON.stringify(toShownKey(key)))
      output.out(`${id} is destroyed. Its record stays; its material is gone from this store.`)
      output.out('Backups made before still have it: end them too if nobody may ever read that data again.')
    })
}

function addEvidence(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'export-audit')
    .description('evidence for an auditor: every key with its age, use and history, signed; no key itself')
    .action(async (options: KeyringOptions) => {
      await using management = await openNamed(options)
      const evidence = await management.exportEvidence()
      if (options.json === true) return output.out(JSON.stringify(evidence))
      output.out(JSON.stringify(JSON.parse(evidence.statement), undefined, 2))
      const { keyId, value } = evidence.signature
      output.err(`Signed by ${keyId}: ${value}`)
      output.err(
        'With --json the statement stands there as it was signed, with the public key to verify it by.',
      )
    })
}
