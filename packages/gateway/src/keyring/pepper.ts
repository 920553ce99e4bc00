import { Fault, Secret } from '@gateward/kernel'
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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
  const file = join(dataDirectory, 'keyring', 'pepper')
  try {
    if (!existsSync(file)) create(file)
  } catch (cause) {
    if (!isAlreadyThere(cause))
      throw new Fault('PEPPER_UNUSABLE', `the pepper ${file} cannot be made`, { source: 'gateway', cause })
  }
  return read(file)
}

/** HMAC-SHA-256 (RFC 2104) of an API key under the pepper, base64url: how the store knows it. */
export function hashApiKey(pepper: Pepper, key: string): string {
  return createHmac('sha256', pepper.reveal()).update(key, 'latin1').digest('base64url')
}

const pepperBytes = 32

// Written whole under another name and then linked: a link fails where the file is there already, so of two processes
// that start at once one makes it, and neither a crash nor the other ever leaves or sees half of it.
function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  writeFileSync(draft, randomBytes(pepperBytes), { flag: 'wx', mode: 0o600, flush: true })
  try {
    linkSync(draft, file)
  } finally {
    unlinkSync(draft)
  }
}

function read(file: string): Pepper {
  const stat = lstatSync(file)
  if (!stat.isFile()) throw unusable(file, 'is not a regular file')
  if ((stat.mode & 0o077) !== 0)
    throw unusable(file, 'can be read by others than its owner; run chmod 600 on it')
  if (stat.size !== pepperBytes) throw unusable(file, `has ${stat.size} bytes instead of ${pepperBytes}`)
  return toPepper(readFileSync(file))
}

function unusable(file: string, reason: string): Fault {
  return new Fault('PEPPER_UNUSABLE', `the pepper ${file} ${reason}`, { source: 'gateway' })
}

function isAlreadyThere(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'
}
