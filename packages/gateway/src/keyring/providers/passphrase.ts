import { Fault, Secret } from '@gateward/kernel'
import { randomBytes } from 'node:crypto'
import { keyFromPassphrase, type PassphraseCost } from '../crypto/passphrase-key.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { createLocalKey } from './local-key.ts'

/**
 * A key-encryption key made from a passphrase. Its id carries the salt, so that the records of the keys it has wrapped are
 * all that is needed to make it again.
 *
 * @param known ids of key-encryption keys in the records that are there
 * @throws Fault `KEK_UNUSABLE` where the passphrase is too short to withstand guessing
 */
export async function openPassphraseKey(
  passphrase: Secret,
  known: readonly string[],
  cost?: PassphraseCost,
): Promise<KeyEncryptionKey> {
  if (passphrase.reveal().length < leastCharacters)
    throw new Fault(
      'KEK_UNUSABLE',
      `the passphrase of the key-encryption key has fewer than ${leastCharacters} characters; take six random words`,
      { source: 'gateway' },
    )
  for (const salt of findSalts(known)) {
    const kek = await derive(passphrase, salt, cost)
    if (known.includes(kek.id)) return kek
  }
  return derive(passphrase, randomBytes(saltBytes), cost)
}

const prefix = 'passphrase'
const saltBytes = 16
const leastCharacters = 16

async function derive(
  passphrase: Secret,
  salt: Buffer,
  cost: PassphraseCost | undefined,
): Promise<KeyEncryptionKey> {
  const key = await keyFromPassphrase(passphrase, salt, cost)
  return createLocalKey(`${prefix}:${salt.toString('hex')}`, new Secret(key))
}

function findSalts(known: readonly string[]): readonly Buffer[] {
  const salts = known.flatMap((id) => /^passphrase:([0-9a-f]{32}):/.exec(id)?.[1] ?? [])
  return [...new Set(salts)].map((salt) => Buffer.from(salt, 'hex'))
}
