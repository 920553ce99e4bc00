import { Fault, Secret } from '@gateward/kernel'
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { createPrivateFile, readPrivateFile, unusable, type PrivateFile } from './private-file.ts'

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
 * The pepper of a data directory, `keyring/pepper`: made at the first start, readable by its owner only, and
 * never made again over one that is there.
 *
 * @throws Fault `PEPPER_UNUSABLE` where it is damaged or others may read it: a new one would lock every key out
 */
export function loadPepper(dataDirectory: string): Pepper {
  const target: PrivateFile = {
    file: join(dataDirectory, 'keyring', 'pepper'),
    name: 'the pepper',
    code: 'PEPPER_UNUSABLE',
    maximumBytes: 4_096,
  }
  createPrivateFile(target, () => randomBytes(pepperBytes))
  return read(target)
}

/** HMAC-SHA-256 (RFC 2104) of an API key under the pepper, base64url: how the store knows it. */
export function hashApiKey(pepper: Pepper, key: string): string {
  return createHmac('sha256', pepper.reveal()).update(key, 'latin1').digest('base64url')
}

const pepperBytes = 32

function read(target: PrivateFile): Pepper {
  const bytes = readPrivateFile(target)
  if (bytes.length !== pepperBytes)
    throw unusable(target, `has ${bytes.length} bytes instead of ${pepperBytes}`)
  return toPepper(bytes)
}
