import type { Secret } from '@gateward/kernel'
import type { KeyObject } from 'node:crypto'
import type { MessageAllowance } from './message-allowance.ts'
import type { DataKeyAlgorithm, DataKeyPurpose } from './purposes.ts'

/** A data key as it is used: in memory, and counted. */
export class DataKey {
  readonly id: string
  readonly purpose: DataKeyPurpose
  readonly algorithm: DataKeyAlgorithm
  /** The key itself: secret, or private where it signs. */
  readonly secret: Secret<KeyObject>
  readonly #allowance: MessageAllowance

  constructor(
    record: { readonly id: string; readonly purpose: DataKeyPurpose; readonly algorithm: DataKeyAlgorithm },
    secret: Secret<KeyObject>,
    allowance: MessageAllowance,
  ) {
    this.id = record.id
    this.purpose = record.purpose
    this.algorithm = record.algorithm
    this.secret = secret
    this.#allowance = allowance
  }

  /**
   * Must be called before each message is encrypted or signed.
   *
   * @throws Fault `DATA_KEY_EXHAUSTED` where the key has encrypted all the messages it may
   */
  countMessage(): void {
    this.#allowance.take()
  }
}
