import type { ByteString } from '../language/bytes.ts'
import { Entry } from './entry.ts'

/** A key of TX and its value. An entry is made of them when a rule looks at them: most are read by macros alone. */
export class TxValue {
  readonly key: string
  #value: ByteString
  #entry: Entry | undefined

  constructor(key: string, value: ByteString) {
    this.key = key
    this.#value = value
  }

  get value(): ByteString {
    return this.#value
  }

  get entry(): Entry {
    return (this.#entry ??= Entry.of('TX', this.key as ByteString, this.#value))
  }

  /** Entries that were made before keep what they have. */
  change(value: ByteString): void {
    this.#value = value
    this.#entry = undefined
  }
}
