import { defineProblem } from '@gateward/kernel'
import {
  removed,
  type BodySchema,
  type ClassifiedField,
  type Operation,
  type TransformPart,
} from '@gateward/openapi'
import { customClass, dataClasses, revealScopes } from '../../data-classes/catalog.ts'
import { transformBody } from '../../data-classes/transform-body.ts'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { TouchedData } from '../../exchange/touched-data.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { defineGuard, pass, type GuardInput, type ItemVisitor, type Verdict } from '../guard.ts'
import { maskingSettings, type MaskingSettings } from './settings.ts'

/**
 * Shows what the contract classifies only to those whose scopes allow it; everybody else sees a mask, or nothing. It
 * stands outside of validation, so that the service's own values are held to the contract and not their masks.
 */
export const maskingGuard = defineGuard<MaskingSettings>({
  name: 'masking',
  settings: maskingSettings,
  compile,
})

interface Disclosure {
  readonly class: string
  readonly scopes: readonly string[]
  readonly conceal: (part: unknown) => unknown
}

function compile({ unmatched, operation, settings }: GuardInput<MaskingSettings>) {
  if (unmatched || operation === undefined) return undefined
  const disclosures = compileDisclosures(operation, settings)
  if (disclosures.size === 0) return undefined
  const change = settings.mode === 'enforce'
  return {
    onResponseBody: (exchange: AnsweredExchange, body: WholeBody): Verdict => {
      const schema = operation.response(exchange.answer.status)?.match(body.contentType ?? '')
      if (schema?.classified === undefined) return pass
      const viewer = new Viewer(exchange, disclosures, change)
      const outcome = transformBody(body, schema, change, viewer.transform)
      if (outcome.kind === 'refused')
        return {
          kind: 'refuse',
          problem: defineProblem('RESPONSE_INVALID', `the answer is ${outcome.reason}`),
        }
      return viewer.verdict()
    },
    onResponseItems: (exchange: AnsweredExchange, { classified }: BodySchema): ItemVisitor | undefined => {
      if (classified === undefined) return undefined
      const viewer = new Viewer(exchange, disclosures, change)
      return {
        visit: (item) => ({ kind: 'item', value: classified.transform(item, viewer.transform) }),
        note: () => viewer.note(),
      }
    },
  }
}

function compileDisclosures(
  { responses }: Operation,
  { classes }: MaskingSettings,
): ReadonlyMap<ClassifiedField, Disclosure> {
  const fields = responses.flatMap(({ classified }) =>
    classified.flatMap((body) => body.classified?.fields ?? []),
  )
  return new Map(
    fields.map((field) => {
      const entry = dataClasses[field.class] ?? customClass
      const own = classes[field.class]
      const isMasked = (own?.conceal ?? entry.conceal) === 'mask'
      return [
        field,
        {
          class: field.class,
          scopes: own?.reveal ?? revealScopes(field.class),
          // Only texts have masks of their own; anything else would show its kind and its size.
          conceal: (part) => (isMasked && typeof part === 'string' ? entry.mask(part) : removed),
        },
      ]
    }),
  )
}

/** Who looks at one answer, and what was kept from them. */
class Viewer {
  readonly #scopes: ReadonlySet<string>
  readonly #disclosures: ReadonlyMap<ClassifiedField, Disclosure>
  readonly #exchange: AnsweredExchange
  readonly #isEnforced: boolean
  readonly #shown = new Map<string, number>()
  readonly #concealed = new Map<string, number>()

  constructor(
    exchange: AnsweredExchange,
    disclosures: ReadonlyMap<ClassifiedField, Disclosure>,
    isEnforced: boolean,
  ) {
    const { principal } = exchange
    this.#scopes = principal.kind === 'known' ? principal.scopes : noScopes
    this.#disclosures = disclosures
    this.#exchange = exchange
    this.#isEnforced = isEnforced
  }

  readonly transform: TransformPart = (part, field) => {
    const disclosure = this.#disclosures.get(field)
    if (disclosure === undefined) return removed
    if (part === null) return part
    const mayBeSeen = disclosure.scopes.some((scope) => this.#scopes.has(scope))
    const counts = mayBeSeen ? this.#shown : this.#concealed
    counts.set(disclosure.class, (counts.get(disclosure.class) ?? 0) + 1)
    return mayBeSeen ? part : disclosure.conceal(part)
  }

  verdict(): Verdict {
    const note = this.note()
    return note === undefined ? pass : { kind: 'pass', note }
  }

  /** Reports what was shown and what was kept, once. */
  note(): string | undefined {
    this.#report('revealed', this.#shown)
    // In shadow the caller gets what would have been kept from it.
    this.#report(this.#isEnforced ? 'concealed' : 'revealed', this.#concealed)
    const notes = [tell('concealed', this.#concealed), tell('revealed', this.#shown)].filter(
      (note) => note !== undefined,
    )
    return notes.length === 0 ? undefined : notes.join('; ')
  }

  #report(action: 'revealed' | 'concealed', counts: ReadonlyMap<string, number>): void {
    for (const [dataClass, count] of counts)
      (this.#exchange.touched ??= new TouchedData()).add(dataClass, action, count)
  }
}

const noScopes: ReadonlySet<string> = new Set()

function tell(what: string, counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size === 0) return undefined
  return `${what} ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`
}
