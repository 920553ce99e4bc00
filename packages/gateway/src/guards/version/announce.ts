import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { pass, type Verdict } from '../guard.ts'

/**
 * Compiles what puts header fields onto an answer. What the service says of its own end under the same names goes: the
 * plan is what is carried out. Its own links and what it varies by stay.
 */
export function announce(fields: readonly string[]): (exchange: AnsweredExchange) => Verdict {
  const replaced = new Set(fields.filter((name, index) => index % 2 === 0 && !added.has(name)))
  return ({ answer: { headers } }) => {
    if (replaced.size > 0) headers.deleteAll(replaced)
    headers.flat.push(...fields)
    return pass
  }
}

const added: ReadonlySet<string> = new Set(['link', 'vary'])
