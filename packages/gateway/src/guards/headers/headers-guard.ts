import type { Answer } from '../../exchange/answer.ts'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { pass, type Guard, type Verdict } from '../guard.ts'
import { compileFields, type FlatFields, type ProtectingFields } from './compile-fields.ts'
import { FieldFilter } from './field-filter.ts'
import type { HeadersSettings } from './settings.ts'

/**
 * Rewrites the header fields of an answer in one pass. It acts on answers alone, so refusals of any guard and
 * answers to broken requests get theirs too. In `shadow` it changes nothing.
 */
export class HeadersGuard implements Guard {
  readonly #fields: ProtectingFields
  readonly #removed: FieldFilter
  readonly #kept: ReadonlySet<string>
  readonly #cacheControl: string
  readonly #shadow: boolean

  constructor(settings: HeadersSettings) {
    this.#fields = compileFields(settings)
    this.#kept = new Set(settings.keepUpstream)
    const replaced = [...this.#fields.names].filter((name) => !this.#kept.has(name))
    this.#removed = new FieldFilter([...settings.remove, ...replaced, 'x-request-id'])
    this.#cacheControl = settings.cacheControl
    this.#shadow = settings.mode === 'shadow'
  }

  onResponse(exchange: AnsweredExchange): Verdict {
    if (this.#shadow) return pass
    const { answer } = exchange
    const { flat } = answer.headers
    const fields = this.#fields.forAnswer(exchange.request.secure, isPage(answer))
    const kept = this.#keptOf(flat)
    this.#removeFrom(flat)
    for (let index = 0; index < fields.length; index += 2) {
      const name = fields[index] as string
      if (kept === undefined || !kept.has(name)) flat.push(name, fields[index + 1] as string)
    }
    flat.push('x-request-id', exchange.id)
    if (this.#cacheControl !== 'off' && isPrivate(exchange) && !answer.headers.has('cache-control'))
      flat.push('cache-control', this.#cacheControl)
    return pass
  }

  /** Which of the fields that the upstream may set it has set. */
  #keptOf(flat: FlatFields): ReadonlySet<string> | undefined {
    if (this.#kept.size === 0) return undefined
    return new Set(flat.filter((name, index) => index % 2 === 0 && this.#kept.has(name)))
  }

  #removeFrom(flat: string[]): void {
    let write = 0
    for (let read = 0; read < flat.length; read += 2) {
      const name = flat[read] as string
      if (this.#removed.removes(name)) continue
      if (write !== read) {
        flat[write] = name
        flat[write + 1] = flat[read + 1] as string
      }
      write += 2
    }
    flat.length = write
  }
}

function isPage({ headers }: Answer): boolean {
  const contentType = headers.get('content-type')
  if (contentType === undefined || contentType === 'application/json') return false
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType)
}

function isPrivate(exchange: AnsweredExchange): boolean {
  return (
    exchange.principal.kind === 'known' ||
    exchange.answer.source === 'gateway' ||
    exchange.request.headers.has('authorization')
  )
}
