import { Fault, Secret } from '@gateward/kernel'
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  createPrivateFile,
  readPrivateFile,
  replacePrivateFile,
  unusable,
  type PrivateFile,
} from './private-file.ts'
import type { KeyEncryptionKey } from './providers/key-encryption-key.ts'

/**
 * The key of the keyed hash under which API keys are kept. It lives beside the store and never in it: who steals
 * the database alone can neither use nor guess a key.
 */
export type Pepper = Secret<KeyObject>

/** A pepper from bytes that were kept somewhere else; they must be at least 32. */
export function toPepper(bytes: Buffer): Pepper {
  if (bytes.length < pepperBytes)
    throw new Fault(
      'PEPPER_UNUSABLE',
      `a pepper needs at least ${pepperBytes} bytes, this has ${bytes.length}`,
      {
        source: 'gateway',
      },
    )
  return new Secret(createSecretKey(bytes))
}

/**
 * A pepper from a secret of the configuration.
 *
 * @throws Fault `PEPPER_UNUSABLE` where it is neither hexadecimal nor base64 of at least 32 bytes
 */
export function pepperFromSecret(secret: Secret): Pepper {
  const text = secret.reveal().trim()
  if (/^(?:[0-9a-f]{2}){32,512}$/i.test(text)) return toPepper(Buffer.from(text, 'hex'))
  // Hexadecimal that was cut off would be good base64, of bytes that nobody meant.
  if (/^(?![0-9a-f]+$)[A-Za-z0-9+/_-]{43,1024}={0,2}$/i.test(text))
    return toPepper(Buffer.from(text, 'base64'))
  throw new Fault('PEPPER_UNUSABLE', 'the pepper is neither hexadecimal nor base64 of at least 32 bytes', {
    source: 'gateway',
  })
}

/**
 * The pepper of a data directory, `keyring/pepper`: made at the first start, wrapped by the key-encryption key, readable by
 * its owner only, and never made again over one that is there. What an earlier version has left unwrapped, or another
 * key-encryption key has wrapped, is wrapped anew.
 *
 * @param keks the key-encryption key, and those before it
 * @throws Fault `PEPPER_UNUSABLE` where it is damaged or others may read it: a new one would lock every key out;
 * `KEK_REFUSED` or `KEK_UNAVAILABLE` where it cannot be unwrapped
 */
export async function loadPepper(
  dataDirectory: string,
  [kek, ...former]: readonly [KeyEncryptionKey, ...KeyEncryptionKey[]],
): Promise<Pepper> {
  const target = pepperFile(dataDirectory)
  if (!existsSync(target.file)) {
    const made = await wrap(kek, randomBytes(pepperBytes))
    createPrivateFile(target, () => made)
  }
  const { bytes, isCurrent } = await unwrap(target, [kek, ...former])
  if (!isCurrent) replacePrivateFile(target, await wrap(kek, bytes))
  return toPepper(bytes)
}

/** Puts a pepper in the place of the one that is there, wrapped. */
export async function restorePepper(
  dataDirectory: string,
  kek: KeyEncryptionKey,
  bytes: Buffer,
): Promise<void> {
  toPepper(bytes)
  replacePrivateFile(pepperFile(dataDirectory), await wrap(kek, bytes))
}

/** HMAC-SHA-256 (RFC 2104) of an API key under the pepper, base64url: how the store knows it. */
export function hashApiKey(pepper: Pepper, key: string): string {
  return createHmac('sha256', pepper.reveal()).update(key, 'latin1').digest('base64url')
}

const pepperBytes = 32

function pepperFile(dataDirectory: string): PrivateFile {
  return {
    file: join(dataDirectory, 'keyring', 'pepper'),
    name: 'the pepper',
    code: 'PEPPER_UNUSABLE',
    maximumBytes: 16_384,
  }
}

const wrappedForm = /^wrapped:v1:([^\s]{1,200}) ([^\s]{1,16000})\n$/

async function wrap(kek: KeyEncryptionKey, pepper: Buffer): Promise<Buffer> {
  return Buffer.from(`wrapped:v1:${kek.id} ${await kek.wrap(pepper, wrappingContext)}\n`)
}

async function unwrap(
  target: PrivateFile,
  keks: readonly KeyEncryptionKey[],
): Promise<{ readonly bytes: Buffer; readonly isCurrent: boolean }> {
  const content = readPrivateFile(target)
  if (content.length === pepperBytes) return { bytes: content, isCurrent: false }
  const [, id, wrapped = ''] = wrappedForm.exec(content.toString('latin1')) ?? []
  if (id === undefined) throw unusable(target, 'is neither a pepper nor one that was wrapped: it is damaged')
  const kek = keks.find((kek) => kek.id === id)
  if (kek === undefined)
    throw unusable(
      target,
      `is wrapped by ${id}; bring that key-encryption key back, or name it in keyring.former`,
    )
  return { bytes: await kek.unwrap(wrapped, wrappingContext), isCurrent: kek === keks[0] }
}

const wrappingContext = 'gateward pepper of API keys'
