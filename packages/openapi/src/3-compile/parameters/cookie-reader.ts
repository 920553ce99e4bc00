import { NameTable } from './name-table.ts'
import type { NamedValue } from './named-value.ts'
import type { Violations } from './violations.ts'

/** The most cookies that one request may carry. */
const maxCookies = 200

/** Reads the declared cookies of a `Cookie` header (RFC 6265 section 4.2.1); others are none of the contract's business. */
export class CookieReader {
  readonly #table: NameTable

  constructor(values: readonly NamedValue[]) {
    this.#table = new NameTable(values)
  }

  /** Reads the header, absent or not, into `target`. */
  read(header: string | undefined, target: Record<string, unknown>, violations: Violations): void {
    const collected = this.#table.start()
    const cookies = header === undefined ? [] : header.split(';', maxCookies + 1)
    if (cookies.length > maxCookies) {
      const address = { in: 'cookie', pointer: '', position: undefined } as const
      violations.add(address, 'maxProperties', `the request has more than ${maxCookies} cookies`)
      return
    }
    for (const cookie of cookies) {
      const equals = cookie.indexOf('=')
      if (equals === -1) continue
      this.#table.take(collected, cookie.slice(0, equals).trim(), unquote(cookie.slice(equals + 1).trim()))
    }
    this.#table.read(collected, target, violations)
  }
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
