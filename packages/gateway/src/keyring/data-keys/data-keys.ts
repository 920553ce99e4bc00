import type { DataKey } from './data-key.ts'
import type { DataKeyPurpose } from './purposes.ts'

/** The data keys of this gateway, unwrapped and in memory: nothing here waits. */
export interface DataKeys {
  /**
   * The key to encrypt with now. Ask for each message and keep it for none: it changes when it is rotated.
   *
   * @throws Fault `DATA_KEY_MISSING` where the purpose has none
   */
  active(purpose: DataKeyPurpose): DataKey
  /**
   * The key that something was encrypted under.
   *
   * @throws Fault `DATA_KEY_UNKNOWN`, `DATA_KEY_RETIRED` or `DATA_KEY_DESTROYED`
   */
  byId(id: string): DataKey
  /** Every key of a purpose that can still decrypt, the active one first: what a search must try. */
  usable(purpose: DataKeyPurpose): readonly DataKey[]
  /** Signs with the active key of a purpose; verifies with whichever key signed. */
  signer(purpose: SigningPurpose): Signer
}

/** The purposes whose keys sign. */
export type SigningPurpose = Extract<DataKeyPurpose, 'audit'>

/** Ed25519 signatures (RFC 8032), which outlive the key that made them. */
export interface Signer {
  /** The key that signs now. */
  readonly keyId: string
  /** 64 bytes. */
  sign(bytes: Uint8Array): Buffer
  /** Whether the key `keyId` has signed exactly these bytes; false for keys that there never were. */
  verify(keyId: string, bytes: Uint8Array, signature: Uint8Array): boolean
  /** The public keys by which others can verify, as PEM, by key id: also of keys that were destroyed. */
  publicKeys(): ReadonlyMap<string, string>
}
