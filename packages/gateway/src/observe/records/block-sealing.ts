import type { Secret } from '@gateward/kernel'
import type { KeyObject } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { associatedData } from '../../keyring/crypto/associated-data.ts'
import { decryptGcm, encryptGcm } from '../../keyring/crypto/aes-gcm.ts'
import type { ContentKeyStore } from '../../store/content-key-store.ts'
import { segmentKeyName, type Segment } from './segments.ts'

const keyBytes = 32

// Lines of records repeat one another: the fastest level makes them eight to twenty times smaller, in less time than it would
// take to write the rest. They are not sent anywhere, so that their length tells nobody what a secret in them has in common with another.
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Most bytes that a block may hold: those that may wait to be written. */
const decompression = { maxOutputLength: 16_777_216 }

/**
 * Seals lines of records a block at a time, compressed (Zstandard, RFC 8878), with AES-256-GCM under the key of their segment and
 * bound to it: a copied file shows no address, name or path. A block is a line of base64; so that one which a full disk or a crash cut off spoils no other,
 * there is a line feed before it, too.
 */
export class BlockSealing {
  readonly #key: KeyObject
  readonly #place: Buffer

  private constructor(key: Secret<KeyObject>, segment: Segment) {
    this.#key = key.reveal()
    this.#place = associatedData('store', 'records', 'block', String(segment))
  }

  /** For a segment that is begun. */
  static async provide(keys: ContentKeyStore, segment: Segment): Promise<BlockSealing> {
    return new BlockSealing(await keys.provide(segmentKeyName(segment), keyBytes), segment)
  }

  /** For a segment that is read; `undefined` where its key is gone, and with it what it holds. */
  static async find(keys: ContentKeyStore, segment: Segment): Promise<BlockSealing | undefined> {
    const key = await keys.find(segmentKeyName(segment))
    return key && new BlockSealing(key, segment)
  }

  /** The block as it is written. */
  seal(lines: Uint8Array): Buffer {
    const sealed = encryptGcm(this.#key, zstdCompressSync(lines, compression), this.#place)
    return Buffer.from(`\n${sealed.toString('base64')}\n`, 'latin1')
  }

  /** The lines of a block; `undefined` where it was cut off, changed, or taken from another segment. */
  open(block: Buffer): Buffer | undefined {
    const opened = decryptGcm(this.#key, Buffer.from(block.toString('latin1'), 'base64'), this.#place)
    return opened && zstdDecompressSync(opened, decompression)
  }
}
