import { randomBytes } from 'node:crypto'
import {
  aesKeyType,
  cka,
  ckm,
  mechanismFlag,
  openCryptoki,
  pinFlag,
  secretKeyClass,
  type Cryptoki,
  type TokenInfo,
} from './cryptoki.ts'
import { ckr, CryptokiError, meansLostSession } from './cryptoki-error.ts'
import { tagBytes } from './structures.ts'
import { TokenFailure, type TokenAddress } from './token-messages.ts'

/** An open session with the key that is used in it. */
interface OpenKey {
  readonly session: bigint
  readonly handle: bigint
}

/**
 * An AES key in a PKCS#11 token. It waits for the token at every call, so it lives in a process of its own. A session
 * that was lost is opened anew, once for each call. A PIN that was refused is not tried again: tokens lock themselves after a few.
 */
export class Token {
  readonly #address: TokenAddress
  #cryptoki: Cryptoki | undefined
  #open: OpenKey | undefined
  #refusedPin: TokenFailure | undefined

  constructor(address: TokenAddress) {
    this.#address = address
  }

  /** AES-GCM under a fresh nonce: nonce, ciphertext and tag in one. */
  wrap(material: Uint8Array, associated: Uint8Array): Buffer {
    return this.#withKey((cryptoki, { session, handle }) => {
      const nonce = randomBytes(nonceBytes)
      const sealed = cryptoki.encryptGcm(session, handle, { nonce, associated, input: material })
      if (sealed.length !== material.length + tagBytes)
        throw new TokenFailure(
          'unusable',
          `the token's AES-GCM made ${sealed.length} bytes of ${material.length}`,
        )
      return Buffer.concat([nonce, sealed])
    })
  }

  /** The material; `undefined` where the key has not wrapped that with this associated data. */
  unwrap(message: Buffer, associated: Uint8Array): Buffer | undefined {
    if (message.length <= nonceBytes + tagBytes) return undefined
    return this.#withKey((cryptoki, key) => {
      const gcm = {
        nonce: Buffer.from(message.subarray(0, nonceBytes)),
        associated,
        input: message.subarray(nonceBytes),
      }
      try {
        return cryptoki.decryptGcm(key.session, key.handle, gcm)
      } catch (thrown) {
        if (!isRefusal(thrown)) throw thrown
        // Modules say of a wrong tag that something failed. Where the key decrypts its own, the message was to blame.
        this.#probe(cryptoki, key)
        return undefined
      }
    })
  }

  finalize(): void {
    this.#cryptoki?.finalize()
  }

  #withKey<Result>(use: (cryptoki: Cryptoki, key: OpenKey) => Result): Result {
    try {
      return use(this.#module(), this.#key())
    } catch (thrown) {
      if (!meansLostSession(thrown)) throw thrown
      this.#open = undefined
      return use(this.#module(), this.#key())
    }
  }

  #probe(cryptoki: Cryptoki, { session, handle }: OpenKey): void {
    const input = Buffer.alloc(1)
    const [nonce, associated] = [randomBytes(nonceBytes), Buffer.alloc(0)]
    const sealed = cryptoki.encryptGcm(session, handle, { nonce, associated, input })
    cryptoki.decryptGcm(session, handle, { nonce, associated, input: sealed })
  }

  #module(): Cryptoki {
    if (this.#cryptoki !== undefined) return this.#cryptoki
    const { module } = this.#address
    try {
      return (this.#cryptoki = openCryptoki(module))
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      throw new TokenFailure(
        'unusable',
        `the PKCS#11 module ${module} cannot be used: ${reason}; write the path of the library that came with the token`,
      )
    }
  }

  #key(): OpenKey {
    if (this.#open !== undefined) return this.#open
    // Other questions may have waited here already when the first one learned it.
    if (this.#refusedPin !== undefined) throw this.#refusedPin
    const cryptoki = this.#module()
    const slot = this.#findSlot(cryptoki)
    this.#checkMechanism(cryptoki, slot)
    const session = cryptoki.openSession(slot)
    this.#login(cryptoki, slot, session)
    const handle = this.#findKey(cryptoki, session)
    return (this.#open = { session, handle })
  }

  #findSlot(cryptoki: Cryptoki): bigint {
    const { token, serial } = this.#address
    const present = cryptoki
      .slotsWithToken()
      .flatMap((slot) => infoOf(cryptoki, slot))
      .filter(({ info }) => info.label !== '')
    const named = present.filter(
      ({ info }) => info.label === token && (serial === undefined || info.serial === serial),
    )
    const [only, other] = named
    if (only === undefined) {
      const labels = present.map(({ info }) => info.label).join(', ')
      throw new TokenFailure(
        'unavailable',
        `no token ${token}${serial === undefined ? '' : ` with the serial number ${serial}`} is present; ` +
          (labels === '' ? 'there is none at all' : `there are: ${labels}`),
      )
    }
    if (other === undefined) return only.slot
    const serials = named.map(({ info }) => info.serial).join(', ')
    throw new TokenFailure(
      'unusable',
      `${named.length} tokens are called ${token}; say which by serial: ${serials}`,
    )
  }

  #checkMechanism(cryptoki: Cryptoki, slot: bigint): void {
    const flags = cryptoki.mechanismFlags(slot, ckm.aesGcm) ?? 0n
    const needed = mechanismFlag.encrypt | mechanismFlag.decrypt
    if ((flags & needed) !== needed)
      throw new TokenFailure(
        'unusable',
        `the token ${this.#address.token} has no CKM_AES_GCM to encrypt and decrypt with`,
      )
  }

  // Whoever restarts a gateway with a wrong PIN again and again must not lock the token: the last try is for a person.
  #login(cryptoki: Cryptoki, slot: bigint, session: bigint): void {
    const { token, pin } = this.#address
    const { flags } = cryptoki.tokenInfo(slot)
    if ((flags & pinFlag.locked) !== 0n)
      throw new TokenFailure(
        'pin',
        `the PIN of the token ${token} is locked; its security officer must set a new one`,
      )
    if ((flags & pinFlag.finalTry) !== 0n)
      throw new TokenFailure(
        'pin',
        `one more wrong PIN would lock the token ${token}, so it was not tried; log in once by hand with the right one`,
      )
    try {
      cryptoki.login(session, pin)
    } catch (thrown) {
      if (!(thrown instanceof CryptokiError) || !pinCodes.has(thrown.code)) throw thrown
      throw (this.#refusedPin = new TokenFailure(
        'pin',
        `the token ${token} does not take the PIN (${thrown.message}); it is not tried again before a restart or reload`,
      ))
    }
  }

  #findKey(cryptoki: Cryptoki, session: bigint): bigint {
    const { token, key } = this.#address
    const [only, other] = cryptoki.findObjects(
      session,
      [
        [cka.class, secretKeyClass],
        [cka.keyType, aesKeyType],
        [cka.label, key],
      ],
      2,
    )
    const unusable = (message: string) => new TokenFailure('unusable', message)
    const how = `pkcs11-tool --keygen --key-type AES:32 --sensitive --label ${key}`
    if (only === undefined)
      throw unusable(`the token ${token} has no AES key ${key}, or hides it from this user; make one: ${how}`)
    if (other !== undefined)
      throw unusable(
        `the token ${token} has more than one AES key ${key}; give the right one a label of its own`,
      )
    if (!cryptoki.readFlag(session, only, cka.encrypt) || !cryptoki.readFlag(session, only, cka.decrypt))
      throw unusable(
        `the key ${key} of the token ${token} may not both encrypt and decrypt; make another one: ${how}`,
      )
    if (!cryptoki.readFlag(session, only, cka.sensitive))
      throw unusable(
        `the key ${key} can be read out of the token ${token} as it is; make one that cannot: ${how}`,
      )
    return only
  }
}

const nonceBytes = 12

const pinCodes: ReadonlySet<number> = new Set(Object.values(ckr))

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof CryptokiError && !meansLostSession(thrown)
}

// Another token that is broken, or was pulled out just now, is no matter of this one.
function infoOf(
  cryptoki: Cryptoki,
  slot: bigint,
): readonly { readonly slot: bigint; readonly info: TokenInfo }[] {
  try {
    return [{ slot, info: cryptoki.tokenInfo(slot) }]
  } catch (thrown) {
    if (thrown instanceof CryptokiError) return []
    throw thrown
  }
}
