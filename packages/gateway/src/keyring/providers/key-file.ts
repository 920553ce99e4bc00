import { Secret } from '@gateward/kernel'
import { createSecretKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createPrivateFile, readPrivateFile, unusable, type PrivateFile } from '../private-file.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { createLocalKey } from './local-key.ts'

/** Where the key file of a data folder is, unless the configuration names another place. */
export function defaultKeyFile(dataDirectory: string): string {
  return join(dataDirectory, 'keyring', 'key-encryption-key')
}

/**
 * The key-encryption key in a file of 32 bytes that only its owner can read, made at the first start where it is missing
 * and never made again over one that is there.
 *
 * @param mayCreate false where data keys are there already: a new key could unwrap none of them
 * @throws Fault `KEK_UNUSABLE` where it is damaged, missing or open to others
 */
export function openKeyFile(file: string, mayCreate: boolean): KeyEncryptionKey {
  const target: PrivateFile = {
    file,
    name: 'the key-encryption key',
    code: 'KEK_UNUSABLE',
    maximumBytes: 4_096,
  }
  if (mayCreate) createPrivateFile(target, () => randomBytes(keyBytes))
  const bytes = readPrivateFile(target)
  if (bytes.length !== keyBytes) throw unusable(target, `has ${bytes.length} bytes instead of ${keyBytes}`)
  return createLocalKey('file', new Secret(createSecretKey(bytes)))
}

const keyBytes = 32
