import { inspect } from 'node:util'

/**
 * A value that must never be printed: text, JSON, templates and the debugger show `[redacted]`.
 * Only {@link Secret.reveal} gives it out, so every use can be found by that word.
 */
export class Secret<Value = string> {
  readonly #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  /** The value itself; call it where it is used and keep no copy. */
  reveal(): Value {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [Symbol.toPrimitive](): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return 'Secret [redacted]'
  }
}
