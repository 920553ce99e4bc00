import { DiagnosticError, Secret } from '@gateward/kernel'
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { randomBase62 } from '../base62.ts'
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import { associatedData } from '../crypto/associated-data.ts'
import { keyFromPassphrase, recommendedCost } from '../crypto/passphrase-key.ts'
import type { SplitTerms } from '../crypto/split-secret.ts'
import { backupContentSchema, type BackupContent } from './backup-content.ts'
import { readShares, writeShares } from './shares.ts'

/** How a backup is locked: by a passphrase, or by shares of a random key that nobody has alone. */
export type BackupLock =
  | { readonly kind: 'passphrase'; readonly passphrase: Secret }
  | { readonly kind: 'shares'; readonly terms: SplitTerms }

/** What opens a backup. */
export interface BackupOpening {
  readonly passphrase: Secret | undefined
  readonly shares: readonly string[]
}

/** A backup that was just written. */
export interface WrittenBackup {
  readonly id: string
  /** The file: JSON, and nothing in it can be read without the passphrase or the shares. */
  readonly text: string
  /** One line for each keeper; empty where there is a passphrase. */
  readonly shares: readonly string[]
}

/** Writes keys and pepper as a file that only the passphrase, or enough of the shares, opens (AES-256-GCM). */
export async function writeBackup(content: BackupContent, lock: BackupLock): Promise<WrittenBackup> {
  const id = randomBase62(12)
  const salt = randomBytes(16)
  const random = randomBytes(32)
  const isPassphrase = lock.kind === 'passphrase'
  const key = isPassphrase ? await keyFromPassphrase(lock.passphrase, salt) : createSecretKey(random)
  const head: BackupHead = {
    format: backupFormat,
    id,
    lock: isPassphrase
      ? { kind: 'passphrase', salt: salt.toString('base64'), ...recommendedCost }
      : { kind: 'shares', threshold: lock.terms.threshold, shares: lock.terms.shares },
  }
  const plaintext = Buffer.from(JSON.stringify(content), 'utf8')
  const sealed = encryptGcm(key, plaintext, bind(head)).toString('base64')
  plaintext.fill(0)
  return {
    id,
    text: `${JSON.stringify({ ...head, sealed }, undefined, 2)}\n`,
    shares: isPassphrase ? [] : await writeShares(id, random, lock.terms),
  }
}

/**
 * Opens a backup.
 *
 * @throws DiagnosticError where the file is none, or the passphrase or the shares do not open it
 */
export async function readBackup(text: string, opening: BackupOpening): Promise<BackupContent> {
  const { sealed, ...head } = parse(text)
  const key = await keyOf(head, opening)
  const plaintext = decryptGcm(key, Buffer.from(sealed, 'base64'), bind(head))
  if (plaintext === undefined)
    throw mistake(
      'backup-locked',
      head.lock.kind === 'passphrase'
        ? 'the passphrase does not open this backup, or the file was changed'
        : 'these shares do not open this backup, or the file was changed',
      'try the other ones you have',
    )
  return backupContentSchema.parse(JSON.parse(plaintext.toString('utf8')))
}

const backupFormat = 'gateward-keyring-backup:v1'

const backupSchema = z.strictObject({
  format: z.literal(backupFormat),
  id: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  lock: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('passphrase'),
      salt: z.base64(),
      // A file from elsewhere must not make this machine work for hours.
      memory: z.int().min(8).max(1_048_576),
      passes: z.int().min(1).max(20),
      lanes: z.int().min(1).max(16),
    }),
    z.strictObject({ kind: z.literal('shares'), threshold: z.int(), shares: z.int() }),
  ]),
  sealed: z.base64(),
})

type BackupHead = Omit<z.infer<typeof backupSchema>, 'sealed'>

function parse(text: string): z.infer<typeof backupSchema> {
  try {
    return backupSchema.parse(JSON.parse(text))
  } catch {
    throw mistake(
      'no-backup',
      'the file is no backup of a keyring',
      'name what `gateward keyring backup` wrote',
    )
  }
}

async function keyOf({ id, lock }: BackupHead, { passphrase, shares }: BackupOpening): Promise<KeyObject> {
  if (lock.kind === 'shares') return createSecretKey(await readShares(id, shares))
  if (passphrase === undefined)
    throw mistake(
      'backup-locked',
      'this backup is locked by a passphrase',
      'name where it is: --passphrase env:NAME or --passphrase file:PATH',
    )
  return keyFromPassphrase(passphrase, Buffer.from(lock.salt, 'base64'), lock)
}

/** Everything outside of what is sealed, so that none of it can be another. */
function bind({ format, id, lock }: BackupHead): Buffer {
  return associatedData(format, id, JSON.stringify(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}
