import { readOperand } from './expression-operand.ts'
import { readOperator, readOperatorWord } from './expression-operator.ts'
import type { ExpressionReader, ExpressionReading, Step } from './expression-reader.ts'
import { emptyReading, takeOperand } from './expression-reader.ts'
import type { SqlContext, SqlToken } from './token.ts'

/** Reads tokens as an expression from the first one on. The literal that a quoting context opened is its first operand. */
export function readExpression(tokens: readonly SqlToken[], context: SqlContext): ExpressionReading {
  const reader: ExpressionReader = {
    ...emptyReading(),
    tokens,
    context,
    depth: 0,
    at: 0,
    left: 'none',
    pending: '',
  }
  let wantsOperand = true
  // A value may be put behind a whole condition: "AND 1=1" and "ORDER BY 1" go on from there.
  if (context === '' && goesOn.test(tokens[0]?.text ?? '')) readOperatorWord(reader, tokens[0] as SqlToken)
  // ") OR 1=1" ends a parenthesis that the statement opened before the value.
  if (context === '' && tokens[0]?.kind === 'close') wantsOperand = false
  for (;;) {
    const token = tokens[reader.at] as SqlToken
    const end = endAt(reader, token, wantsOperand)
    if (end !== undefined) return finish(reader, end)
    const step: Step = wantsOperand ? readOperand(reader, token) : readOperator(reader, token)
    if (step === 'broken') return finish(reader, 'broken')
    wantsOperand = step === 'operand'
  }
}

const goesOn = /^(?:AND|OR|XOR|ORDER|GROUP|HAVING|LIKE|RLIKE|REGEXP)$/

function finish(reader: ExpressionReader, end: ExpressionReading['end']): ExpressionReading {
  reader.end = end
  reader.endsWithName = reader.left === 'name'
  return reader
}

function endAt(
  reader: ExpressionReader,
  token: SqlToken,
  wantsOperand: boolean,
): ExpressionReading['end'] | undefined {
  if (token.kind === 'end') return 'finished'
  if (token.kind === 'comment') return 'comment'
  if (token.kind === 'semicolon') return 'stacked'
  const isOpen = token.kind === 'string' || token.kind === 'name'
  if (!isOpen || token.text === '' || token.text !== reader.context || reader.at === 0) return undefined
  // MySQL and the standard join literals that stand side by side; a name or number before a literal is no expression.
  const joins = reader.at > 1 && reader.tokens[reader.at - 1]?.kind === 'string'
  if (!wantsOperand && !joins) return 'broken'
  if (wantsOperand) takeOperand(reader, 'solid')
  return 'reopened'
}
