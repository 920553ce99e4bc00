import type { ByteString } from '../language/bytes.ts'
import { Examined } from './examined.ts'

/** One value of one variable: what an operator is asked about, and what a match names. */
export class Entry {
  readonly variable: string
  /** As received; undefined for a variable with one value. */
  readonly key: ByteString | undefined
  readonly examined: Examined
  /** The variable that it was read into: of an entry of `ARGS`, `ARGS_GET` or `ARGS_POST`. */
  readonly origin: string
  #lowerKey: string | undefined

  constructor(variable: string, key: ByteString | undefined, examined: Examined, origin = variable) {
    this.variable = variable
    this.key = key
    this.examined = examined
    this.origin = origin
  }

  /** An entry for a value that nothing is known of yet. */
  static of(variable: string, key: ByteString | undefined, value: ByteString): Entry {
    return new Entry(variable, key, new Examined(value))
  }

  /** What selectors compare; empty for a variable with one value. */
  get lowerKey(): string {
    return (this.#lowerKey ??= this.key === undefined ? '' : this.key.toLowerCase())
  }

  /** `ARGS:comment`, as rules and log lines name it. */
  get name(): ByteString {
    return (this.key === undefined ? this.variable : `${this.variable}:${this.key}`) as ByteString
  }
}
