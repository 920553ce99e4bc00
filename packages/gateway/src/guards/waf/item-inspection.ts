import type { FieldPolicy, Waf, WafMatch, WafRequestHead, WafVerdict } from '@gateward/waf'
import type { ItemVisitor, Refusal } from '../guard.ts'

/** What the items of one request are asked about with. */
export interface ItemInspectionInput {
  readonly waf: Waf
  readonly policy: FieldPolicy | undefined
  readonly head: WafRequestHead
  /** What rules found in the head alone. */
  readonly found: readonly WafMatch[]
  /** Says how a block is carried out. */
  readonly refuse: (block: Extract<WafVerdict, { kind: 'block' }>, matches: readonly WafMatch[]) => Refusal
  /** What rules found in all items. */
  readonly describe: (matches: readonly WafMatch[]) => string | undefined
}

/**
 * Asks the rules about each item of a body that flows as about a JSON body that came alone with the same head: a transaction of its own,
 * with its own score and budget.
 */
export class ItemInspection implements ItemVisitor {
  /** What is in items and not in the head, each rule once at a place. */
  readonly matches: WafMatch[] = []
  readonly #input: ItemInspectionInput
  readonly #known: Set<string>

  constructor(input: ItemInspectionInput) {
    const headers = input.head.headers.filter(([name]) => name !== 'content-type')
    this.#input = { ...input, head: { ...input.head, headers: [...headers, jsonType] } }
    this.#known = new Set(input.found.map(nameOf))
  }

  visit(item: unknown): { readonly kind: 'item'; readonly value: unknown } | Refusal {
    const { waf, policy, head, refuse } = this.#input
    const transaction = waf.begin(head, policy)
    const early = transaction.requestHeaders()
    const verdict =
      early.kind === 'block' ? early : transaction.requestBody(Buffer.from(JSON.stringify(item)))
    for (const match of transaction.matches) this.#note(match)
    return verdict.kind === 'block' ? refuse(verdict, transaction.matches) : { kind: 'item', value: item }
  }

  note(): string | undefined {
    return this.#input.describe([...this.#input.found, ...this.matches])
  }

  #note(match: WafMatch): void {
    const name = nameOf(match)
    if (this.matches.length >= mostMatches || this.#known.has(name)) return
    this.#known.add(name)
    this.matches.push(match)
  }
}

const jsonType = ['content-type', 'application/json'] as const

const mostMatches = 50

function nameOf({ id, variable }: WafMatch): string {
  return `${id} ${variable}`
}
