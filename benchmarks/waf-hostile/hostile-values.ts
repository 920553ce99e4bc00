import { loadRules } from '@gateward/waf'
import { parseRegex } from '../../packages/waf/src/regex/parse-regex.ts'
import type { RegexNode } from '../../packages/waf/src/regex/syntax-tree.ts'
import { sampleOf } from '../../packages/waf/src/regex/testing.ts'

/** A value made of what rules look for. */
export interface HostileValue {
  /** The rule whose expression it is made of, or `all`. */
  readonly rule: string
  /** How it is made. */
  readonly family: string
  /** A character a byte. */
  readonly text: string
}

interface Expression {
  readonly rule: string
  readonly root: RegexNode
}

const mixtures = 40

/** For each expression of rule files values of so many bytes, and some of all expressions together; the same ones in every run. */
export async function hostileValues(
  files: readonly string[],
  bytes: number,
): Promise<readonly HostileValue[]> {
  const expressions = await readExpressions(files)
  const own = expressions.flatMap(({ rule, root }) => {
    const [beginning, sample] = [beginningOf(root), sampleOf(root, choose)]
    return [
      { rule, family: 'one beginning', text: fill(bytes, () => beginning) },
      { rule, family: 'one match', text: fill(bytes, () => sample) },
      { rule, family: 'beginnings', text: fill(bytes, () => beginningOf(root)) },
      { rule, family: 'matches', text: fill(bytes, () => sampleOf(root, choose)) },
    ]
  })
  const ofAll = Array.from({ length: mixtures }, () => ({
    rule: 'all',
    family: 'beginnings of all',
    text: fill(bytes, () => beginningOf((expressions[choose(expressions.length)] as Expression).root)),
  }))
  return [...own, ...ofAll]
}

async function readExpressions(files: readonly string[]): Promise<readonly Expression[]> {
  const { statements } = await loadRules(files)
  let rule = ''
  return statements.flatMap((statement) => {
    if (statement.kind !== 'rule') return []
    rule = statement.actions.find(({ name }) => name === 'id')?.argument ?? rule
    if (statement.operator.name.toLowerCase() !== 'rx') return []
    const parsed = parseRegex(statement.operator.argument)
    return parsed.kind === 'parsed' ? [{ rule, root: parsed.root }] : []
  })
}

function beginningOf(root: RegexNode): string {
  const sample = sampleOf(root, choose)
  return sample.slice(0, 1 + choose(sample.length))
}

function fill(bytes: number, make: () => string): string {
  let text = ''
  // What an expression of assertions alone matches is empty.
  while (text.length < bytes) text += make() || 'a'
  return text.slice(0, bytes)
}

let state = 1

function choose(below: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
  return below === 0 ? 0 : (state >>> 8) % below
}
