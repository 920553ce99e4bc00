import { DynamicLibrary } from 'node:ffi'
import { CryptokiError } from './cryptoki-error.ts'
import {
  readUlongs,
  tagBytes,
  ulongs,
  writeGcm,
  writeTemplate,
  type Attribute,
  type GcmInput,
} from './structures.ts'

/**
 * The functions of a PKCS#11 module (OASIS PKCS#11 2.40) that wrapping keys needs, for platforms on which CK_ULONG has 64
 * bits and structures are aligned as C aligns them: everything but Windows. Every call blocks until the token has answered.
 *
 * A module must export the functions by their names, as modules do: what is found by `C_GetFunctionList` alone cannot be
 * called from here.
 */
export interface Cryptoki {
  /** The slots that hold a token now. */
  slotsWithToken(): readonly bigint[]
  tokenInfo(slot: bigint): TokenInfo
  /** The flags of a mechanism (`CKF_…`); `undefined` where the token has it not. */
  mechanismFlags(slot: bigint, mechanism: number): bigint | undefined
  openSession(slot: bigint): bigint
  /** Logs in as the user; that this is done already is fine. */
  login(session: bigint, pin: string): void
  /** At most `limit` handles of the objects that have all these attributes. */
  findObjects(session: bigint, attributes: readonly Attribute[], limit: number): readonly bigint[]
  /** A boolean attribute. */
  readFlag(session: bigint, object: bigint, type: number): boolean
  /** AES-GCM with a tag of 128 bits behind the ciphertext. Some tokens choose the nonce themselves: it is then written over `nonce`. */
  encryptGcm(session: bigint, key: bigint, gcm: GcmInput): Buffer
  decryptGcm(session: bigint, key: bigint, gcm: GcmInput): Buffer
  /** Ends all that this process has at the module. */
  finalize(): void
}

/** What a token says of itself. */
export interface TokenInfo {
  readonly label: string
  readonly serial: string
  readonly flags: bigint
}

/** Mechanisms. */
export const ckm = { aesGcm: 0x1087 } as const
/** Types of attributes. */
export const cka = {
  class: 0x0,
  label: 0x3,
  keyType: 0x100,
  sensitive: 0x103,
  encrypt: 0x104,
  decrypt: 0x105,
} as const
/** CKO_SECRET_KEY. */
export const secretKeyClass = 4
/** CKK_AES. */
export const aesKeyType = 0x1f
/** What {@link TokenInfo.flags} says of the user's PIN (PKCS#11 2.40 section 3.2, CK_TOKEN_INFO). */
export const pinFlag = { finalTry: 0x20000n, locked: 0x40000n } as const
/** What `mechanismFlags` says of a mechanism. */
export const mechanismFlag = { encrypt: 0x100n, decrypt: 0x200n } as const

const ulong = 'uint64'
const signatures = {
  C_Initialize: { return: ulong, arguments: ['pointer'] },
  C_Finalize: { return: ulong, arguments: ['pointer'] },
  C_GetSlotList: { return: ulong, arguments: ['uint8', 'pointer', 'pointer'] },
  C_GetTokenInfo: { return: ulong, arguments: [ulong, 'pointer'] },
  C_GetMechanismInfo: { return: ulong, arguments: [ulong, ulong, 'pointer'] },
  C_OpenSession: { return: ulong, arguments: [ulong, ulong, 'pointer', 'pointer', 'pointer'] },
  C_Login: { return: ulong, arguments: [ulong, ulong, 'pointer', ulong] },
  C_FindObjectsInit: { return: ulong, arguments: [ulong, 'pointer', ulong] },
  C_FindObjects: { return: ulong, arguments: [ulong, 'pointer', ulong, 'pointer'] },
  C_FindObjectsFinal: { return: ulong, arguments: [ulong] },
  C_GetAttributeValue: { return: ulong, arguments: [ulong, ulong, 'pointer', ulong] },
  C_EncryptInit: { return: ulong, arguments: [ulong, 'pointer', ulong] },
  C_Encrypt: { return: ulong, arguments: [ulong, 'pointer', ulong, 'pointer', 'pointer'] },
  C_DecryptInit: { return: ulong, arguments: [ulong, 'pointer', ulong] },
  C_Decrypt: { return: ulong, arguments: [ulong, 'pointer', ulong, 'pointer', 'pointer'] },
} as const

const alreadyInitialized = 0x191
const userAlreadyLoggedIn = 0x100
const mechanismInvalid = 0x70
const serialSession = 4n
const user = 1n
const mostSlots = 256

/**
 * Loads a module and initializes it.
 *
 * @param module an absolute path, or a name that the system's loader finds
 * @throws Error where it cannot be loaded, and CryptokiError where it does not start
 */
export function openCryptoki(module: string): Cryptoki {
  const c = new DynamicLibrary(module).getFunctions(signatures)
  check('C_Initialize', c.C_Initialize(null), alreadyInitialized)
  return {
    slotsWithToken() {
      const slots = Buffer.alloc(8 * mostSlots)
      const count = ulongs(BigInt(mostSlots))
      check('C_GetSlotList', c.C_GetSlotList(1, slots, count))
      return readUlongs(slots, count)
    },
    tokenInfo(slot) {
      const info = Buffer.alloc(256)
      check('C_GetTokenInfo', c.C_GetTokenInfo(slot, info))
      const text = (from: number, to: number) => info.toString('utf8', from, to).replace(/[ \0]+$/, '')
      return { label: text(0, 32), serial: text(80, 96), flags: info.readBigUInt64LE(96) }
    },
    mechanismFlags(slot, mechanism) {
      const info = Buffer.alloc(24)
      const result = c.C_GetMechanismInfo(slot, BigInt(mechanism), info)
      if (Number(result) === mechanismInvalid) return undefined
      check('C_GetMechanismInfo', result)
      return info.readBigUInt64LE(16)
    },
    openSession(slot) {
      const handle = ulongs(0n)
      check('C_OpenSession', c.C_OpenSession(slot, serialSession, null, null, handle))
      return handle.readBigUInt64LE()
    },
    login(session, pin) {
      const bytes = Buffer.from(pin, 'utf8')
      const result = c.C_Login(session, user, bytes, BigInt(bytes.length))
      bytes.fill(0)
      check('C_Login', result, userAlreadyLoggedIn)
    },
    findObjects(session, attributes, limit) {
      const template = writeTemplate(attributes)
      const handles = Buffer.alloc(8 * limit)
      const count = ulongs(0n)
      const length = BigInt(attributes.length)
      check('C_FindObjectsInit', c.C_FindObjectsInit(session, template.bytes, length))
      const result = c.C_FindObjects(session, handles, BigInt(limit), count)
      // A search that is not ended would keep the session busy.
      c.C_FindObjectsFinal(session)
      check('C_FindObjects', result)
      return readUlongs(handles, count)
    },
    readFlag(session, object, type) {
      const { bytes, values } = writeTemplate([[type, false]])
      check('C_GetAttributeValue', c.C_GetAttributeValue(session, object, bytes, 1n))
      return values[0]?.[0] !== 0
    },
    encryptGcm(session, key, gcm) {
      const mechanism = writeGcm(gcm)
      const output = Buffer.alloc(gcm.input.length + tagBytes + 64)
      const length = ulongs(BigInt(output.length))
      check('C_EncryptInit', c.C_EncryptInit(session, mechanism.bytes, key))
      const size = BigInt(gcm.input.length)
      check('C_Encrypt', c.C_Encrypt(session, gcm.input, size, output, length))
      return output.subarray(0, Number(length.readBigUInt64LE()))
    },
    decryptGcm(session, key, gcm) {
      const mechanism = writeGcm(gcm)
      const output = Buffer.alloc(gcm.input.length + 64)
      const length = ulongs(BigInt(output.length))
      check('C_DecryptInit', c.C_DecryptInit(session, mechanism.bytes, key))
      const size = BigInt(gcm.input.length)
      check('C_Decrypt', c.C_Decrypt(session, gcm.input, size, output, length))
      return output.subarray(0, Number(length.readBigUInt64LE()))
    },
    finalize: () => void c.C_Finalize(null),
  }
}

function check(name: string, result: bigint, fine?: number): void {
  const code = Number(result)
  if (code !== 0 && code !== fine) throw new CryptokiError(name, code)
}
