import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { restoreKeyring } from '@gateward/gateway'
import { DiagnosticError, Secret } from '@gateward/kernel'
import { InvalidArgumentError, type Command } from 'commander'
import { plural } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { UsageError } from '../usage-error.ts'
import { keyringOptions } from './data-options.ts'
import { keyringCommand, openNamed, type KeyringOptions } from './keyring-command.ts'

interface BackupOptions extends KeyringOptions {
  readonly passphrase?: string
  readonly shares?: number
  readonly threshold?: number
}

/** `gateward keyring backup`: all keys in one file, which a passphrase or enough of several shares opens. */
export function addBackup(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'backup')
    .description('write all keys into a file that a passphrase, or k of n shares, opens')
    .argument('<file>', 'where to; it must not be there yet')
    .option('--passphrase <reference>', 'env:NAME or file:PATH of the passphrase')
    .option('--shares <n>', 'write n shares beside the file instead, one for each keeper', toCount)
    .option('--threshold <k>', 'how many shares open it', toCount)
    .action(async (file: string, options: BackupOptions) => {
      const lock = toLock(options)
      await using management = await openNamed(options)
      const { id, text, shares } = await management.backup(lock)
      const target = resolve(file)
      writeNew(target, text)
      const files = shares.map((_, index) => `${target}.share-${index + 1}-of-${shares.length}`)
      files.forEach((name, index) => writeNew(name, `${shares[index] ?? ''}\n`))
      if (options.json === true) return output.out(JSON.stringify({ id, file: target, shares: files }))
      output.out(`The backup ${id} is in ${file}; nothing in it can be read as it is.`)
      if (lock.kind === 'shares') {
        output.out(`Any ${lock.terms.threshold} of ${plural(files.length, 'share')} open it:`)
        for (const name of files) output.out(`  ${name}`)
        output.out('Next: give each keeper one of them, and delete them here.')
      } else output.out('Next: keep file and passphrase apart, and both where this data folder is not.')
      output.out(`Try it before you need it: gateward keyring restore ${file} --data /some/empty/folder …`)
    })
}

interface RestoreOptions extends KeyringOptions {
  readonly passphrase?: string
  readonly share: readonly string[]
}

/** `gateward keyring restore`: puts the keys of a backup back, also where the key-encryption key is lost. */
export function addRestore(keyring: Command, { output }: CommandContext): void {
  keyringCommand(keyring, 'restore')
    .description('put the keys of a backup back; stop the gateways of this data folder first')
    .argument('<file>', 'what `keyring backup` wrote')
    .option('--passphrase <reference>', 'env:NAME or file:PATH of the passphrase')
    .option('--share <file>', 'a file with a share; once for each', collect, [])
    .action(async (file: string, options: RestoreOptions) => {
      const opening = {
        passphrase: options.passphrase === undefined ? undefined : readSecret(options.passphrase),
        shares: options.share.map((name) => readText(name).trim()),
      }
      const { added, rewrapped, untouched } = await restoreKeyring(
        await keyringOptions(options),
        readText(file),
        opening,
      )
      if (options.json === true) return output.out(JSON.stringify({ added, rewrapped, untouched }))
      output.out(`${plural(added.length, 'key')} came back that were missing.`)
      output.out(`${plural(rewrapped.length, 'key')} that could not be unwrapped any more are wrapped anew.`)
      output.out(`${plural(untouched.length, 'key')} were as good as in the backup.`)
      output.out('Next: start the gateway, and look at the keys: gateward keyring list')
    })
}

function toLock({ passphrase, shares, threshold }: BackupOptions) {
  if (passphrase !== undefined && (shares ?? threshold) === undefined)
    return { kind: 'passphrase', passphrase: readSecret(passphrase) } as const
  if (passphrase === undefined && shares !== undefined && threshold !== undefined && threshold <= shares)
    return { kind: 'shares', terms: { shares, threshold } } as const
  throw new UsageError(
    'a backup is opened by a passphrase, or by k of n shares',
    'Name one of them: --passphrase env:NAME, or --shares 5 --threshold 3',
  )
}

function readSecret(reference: string): Secret {
  const text = reference.startsWith('env:')
    ? (process.env[reference.slice(4)] ?? '')
    : reference.startsWith('file:')
      ? readText(reference.slice(5)).replace(/\r?\n$/, '')
      : undefined
  if (text === undefined)
    throw new UsageError(
      'a passphrase cannot stand in the command line itself',
      'Write env:NAME or file:PATH.',
    )
  if (text.length < leastCharacters)
    throw new UsageError(
      `the passphrase at ${reference} has fewer than ${leastCharacters} characters`,
      'Take six random words.',
    )
  return new Secret(text)
}

const leastCharacters = 16

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw unusable(file, 'cannot be read', thrown, 'name a file that is there')
  }
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600, flush: true })
  } catch (thrown) {
    throw unusable(file, 'cannot be written', thrown, 'name a new file in a folder that is there')
  }
}

function unusable(file: string, what: string, thrown: unknown, fix: string): DiagnosticError {
  const code = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : ''
  return new DiagnosticError([
    { code: 'unreadable-file', severity: 'error', message: `${file} ${what}${code}`, fix },
  ])
}

function toCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,3}$/.test(text) || count < 2 || count > 255)
    throw new InvalidArgumentError('Write a number from 2 to 255.')
  return count
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
