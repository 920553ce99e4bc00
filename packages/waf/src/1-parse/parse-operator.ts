import type { OperatorCall } from '../language/rule.ts'

/**
 * Reads the operator of a rule: `@name argument`, `!@name argument`, or a bare regular expression, which means `@rx`.
 * Total: every text is some operator; whether the name is known is checked later.
 */
export function parseOperator(text: string): OperatorCall {
  const start = skipBlanks(text, 0)
  const negated = text[start] === '!'
  const at = negated ? skipBlanks(text, start + 1) : start
  if (text[at] !== '@') return { name: 'rx', negated, argument: text.slice(at) }
  let end = at + 1
  while (end < text.length && !isBlank(text[end])) end++
  return {
    name: text.slice(at + 1, end).toLowerCase(),
    negated,
    argument: text.slice(skipBlanks(text, end)),
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (isBlank(text[at])) at++
  return at
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
