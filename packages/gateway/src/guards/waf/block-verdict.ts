import { defineProblem } from '@gateward/kernel'
import type { WafMatch, WafVerdict } from '@gateward/waf'
import { textOf } from '@gateward/waf'
import type { Refusal } from '../guard.ts'

/** A verdict that ends the exchange. */
export type Block = Extract<WafVerdict, { kind: 'block' }>

/** Whether a request is refused, or its answer. */
export type BlockCode = 'REQUEST_BLOCKED' | 'RESPONSE_BLOCKED'

/** A block of a request or of its answer as a refusal, with the status that the rule names. */
export function blockVerdict(block: Block, code: BlockCode, matches: readonly WafMatch[]): Refusal {
  const { location } = block
  const problem = defineProblem(code, describe(matches, block), {
    status: block.status,
    ...(location !== undefined && { headers: [['location', toFieldValue(location)]] }),
  })
  return { kind: 'refuse', problem }
}

/** The rules that matched, of which none blocks. */
export function describeMatches(matches: readonly WafMatch[]): string {
  return describe(matches, undefined)
}

const mostTold = 5

/** The rules that matched and where; never the data that they matched, which may be anybody's. */
function describe(matches: readonly WafMatch[], block: Block | undefined): string {
  const told = matches
    .slice(0, mostTold)
    .map(({ id, msg, variable }) => `rule ${id} ${toText(msg)} (${toText(variable)})`)
  const more = matches.length > mostTold ? [`and ${matches.length - mostTold} more`] : []
  return [...(block === undefined ? [] : [reasonOf(block)]), ...told, ...more].join('; ').slice(0, 1_000)
}

function reasonOf({ ruleId, status, score }: Block): string {
  if (ruleId !== 0) return `score ${score}`
  return limitReasons[status] ?? 'a limit of the engine'
}

const limitReasons: Readonly<Record<number, string>> = {
  413: 'the body is over the limit of the rules (SecRequestBodyLimit)',
  502: 'the answer is over the limit of the rules (SecResponseBodyLimit)',
  503: 'the rules took longer than guards.waf.budget',
}

/** Rules build a location out of what a request brings: nothing in it may end the line. */
function toFieldValue(location: string): string {
  return location.replace(
    /[^\x21-\x7e]/g,
    (unit) => `%${(unit.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
  )
}

/** Bytes of a message or a place as text, cut to what a line can show. */
export function toText(bytes: string): string {
  return textOf(bytes as Parameters<typeof textOf>[0]).slice(0, 120)
}
