import type { SqlContext, SqlToken } from './token.ts'
import {
  arithmeticWords,
  callableKeywords,
  clauseWords,
  comparisonWords,
  constantWords,
  isKeyword,
  logicalWords,
  prefixWords,
  sqlFunctions,
} from './vocabulary.ts'

/** What the longest beginning of a value that reads as an SQL expression contains, and how it ends. */
export interface ExpressionReading {
  /** AND, OR, XOR, `&&`, `||`. */
  logical: number
  /** Comparisons of any operands. */
  comparisons: number
  /** Comparisons after or before a logical operator in which neither side is a bare name: `1=1`, `'a'<'b'`, `f(x)>2`. */
  solidComparisons: number
  /** Operators of arithmetic, of bits and of strings. */
  arithmetic: number
  /** Calls of functions that only SQL has. */
  sqlCalls: number
  /** `(SELECT`. */
  subqueries: number
  /** CASE or WHEN. */
  cases: number
  /** Constants directly after an operator: `OR true`, `- NULL`. */
  constants: number
  /** Clauses that follow a condition, with their first operand: `ORDER BY 3`, `HAVING 1=1`, `LIMIT 5`. */
  clauses: number
  /** FROM and WHERE. */
  sources: number
  commas: number
  /** Parentheses closed that the value did not open. */
  closers: number
  operands: number
  /** Whether the first operand is a bare name. */
  startsWithName: boolean
  /** Whether the last operand is a bare name. */
  endsWithName: boolean
  /**
   * `finished`: the value is over; `reopened`: it is over inside a literal that the surrounding quote closes;
   * `comment`: the rest of the statement is cut off; `stacked`: at a semicolon; `broken`: no expression goes on this way.
   */
  end: 'finished' | 'reopened' | 'comment' | 'stacked' | 'broken'
  /** The token at which the reading ended. */
  at: number
}

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

/** What comes next. */
type Step = 'operand' | 'operator' | 'broken'

/** Whether an operand is a bare name, or has a value of its own. */
type Side = 'none' | 'name' | 'solid'

interface ExpressionReader extends ExpressionReading {
  readonly tokens: readonly SqlToken[]
  readonly context: SqlContext
  depth: number
  /** The left side of the operator just read. */
  left: Side
  /** The kind of the operator that waits for its right side. */
  pending: '' | 'logical' | 'comparison' | 'arithmetic' | 'clause'
}

function emptyReading(): ExpressionReading {
  return {
    logical: 0,
    comparisons: 0,
    solidComparisons: 0,
    arithmetic: 0,
    sqlCalls: 0,
    subqueries: 0,
    cases: 0,
    constants: 0,
    clauses: 0,
    sources: 0,
    commas: 0,
    closers: 0,
    operands: 0,
    startsWithName: false,
    endsWithName: false,
    end: 'broken',
    at: 0,
  }
}

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

function readOperand(reader: ExpressionReader, token: SqlToken): Step {
  switch (token.kind) {
    case 'number':
    case 'variable':
      reader.at++
      return takeOperand(reader, 'solid')
    case 'string':
      if (token.text !== '') return 'broken'
      reader.at++
      return takeOperand(reader, 'solid')
    case 'open':
      return openParenthesis(reader)
    case 'operator':
      return readPrefixOperator(reader, token)
    case 'name':
      return readName(reader)
    case 'word':
      return readOperandWord(reader, token)
    default:
      return 'broken'
  }
}

function openParenthesis(reader: ExpressionReader): Step {
  reader.depth++
  reader.at++
  const next = reader.tokens[reader.at]
  if (next?.kind === 'word' && (next.text === 'SELECT' || next.text === 'VALUES')) reader.subqueries++
  return 'operand'
}

function readPrefixOperator(reader: ExpressionReader, token: SqlToken): Step {
  const next = reader.tokens[reader.at + 1]
  reader.at++
  // count(*) and select * from
  if (token.text === '*' && (next?.kind === 'close' || next?.text === 'FROM'))
    return takeOperand(reader, 'solid')
  return /^[-+~!@|]+$/.test(token.text) ? 'operand' : 'broken'
}

function readOperandWord(reader: ExpressionReader, token: SqlToken): Step {
  const next = reader.tokens[reader.at + 1] as SqlToken
  const calls = next.kind === 'open' && !(isKeyword(token.text) && !mayBeCalled(token.text))
  if (calls) return readCall(reader, token)
  if (constantWords.has(token.text)) {
    if (reader.pending !== '') reader.constants++
    reader.at++
    return takeOperand(reader, 'solid')
  }
  if (prefixWords.has(token.text)) {
    if (token.text === 'CASE' || token.text === 'WHEN') reader.cases++
    if (token.text === 'EXISTS' && next.kind === 'open') reader.sqlCalls++
    reader.at++
    return 'operand'
  }
  return isKeyword(token.text) ? 'broken' : readName(reader)
}

function mayBeCalled(keyword: string): boolean {
  return sqlFunctions.has(keyword) || callableKeywords.has(keyword)
}

function readCall(reader: ExpressionReader, token: SqlToken): Step {
  if (sqlFunctions.has(token.text)) reader.sqlCalls++
  reader.at++
  openParenthesis(reader)
  if (reader.tokens[reader.at]?.kind !== 'close') return 'operand'
  reader.depth--
  reader.at++
  return takeOperand(reader, 'solid')
}

/** `name`, `table.column`, `schema . table . *`, and a call at the end of it. */
function readName(reader: ExpressionReader): Step {
  let last = reader.tokens[reader.at] as SqlToken
  reader.at++
  while (reader.tokens[reader.at]?.kind === 'dot') {
    const part = reader.tokens[reader.at + 1]
    if (part?.kind !== 'word' && part?.kind !== 'name' && part?.text !== '*') break
    last = part
    reader.at += 2
  }
  if (reader.tokens[reader.at]?.kind === 'open') {
    reader.at--
    return readCall(reader, last)
  }
  return takeOperand(reader, 'name')
}

/** An operand is whole: the operator that waited for it is counted. */
function takeOperand(reader: ExpressionReader, side: Side): Step {
  if (reader.pending === 'comparison') {
    reader.comparisons++
    if (side === 'solid' && reader.left === 'solid') reader.solidComparisons++
  }
  if (reader.pending === 'clause') reader.clauses++
  reader.operands++
  if (reader.left === 'none') reader.startsWithName = side === 'name'
  reader.left = side
  reader.pending = ''
  return 'operator'
}

function readOperator(reader: ExpressionReader, token: SqlToken): Step {
  switch (token.kind) {
    case 'operator':
      return readSymbol(reader, token)
    case 'comma':
      reader.commas++
      reader.at++
      return 'operand'
    case 'close':
      reader.at++
      if (reader.depth > 0) reader.depth--
      else reader.closers++
      reader.left = 'solid'
      return 'operator'
    case 'string':
      return joinLiteral(reader, token)
    case 'word':
      return readOperatorWord(reader, token)
    default:
      return 'broken'
  }
}

const comparisonSymbols = /^(?:<=>|<>|!=|<=|>=|==|=|<|>|!<|!>|\^=|~=|!?~~?\*?)$/

function readSymbol(reader: ExpressionReader, token: SqlToken): Step {
  reader.at++
  if (token.text === '!' || token.text === '~') return 'broken'
  if (token.text === '&&' || token.text === '||') return expect(reader, 'logical')
  if (token.text === '::') return readCast(reader)
  return expect(reader, comparisonSymbols.test(token.text) ? 'comparison' : 'arithmetic')
}

/** `::text` of PostgreSQL. */
function readCast(reader: ExpressionReader): Step {
  if (reader.tokens[reader.at]?.kind !== 'word') return 'broken'
  reader.arithmetic++
  reader.at++
  return 'operator'
}

function expect(reader: ExpressionReader, kind: 'logical' | 'comparison' | 'arithmetic'): Step {
  if (kind === 'logical') reader.logical++
  if (kind === 'arithmetic') reader.arithmetic++
  reader.pending = kind
  return 'operand'
}

function joinLiteral(reader: ExpressionReader, token: SqlToken): Step {
  const previous = reader.tokens[reader.at - 1]
  if (token.text !== '' || previous?.kind !== 'string') return 'broken'
  reader.at++
  return 'operator'
}

function readOperatorWord(reader: ExpressionReader, token: SqlToken): Step {
  const next = reader.tokens[reader.at + 1]
  if (logicalWords.has(token.text)) {
    reader.at++
    return expect(reader, 'logical')
  }
  if (token.text === 'IS') return readIs(reader)
  if (token.text === 'NOT' && next?.kind === 'word' && comparisonWords.has(next.text)) {
    reader.at += 2
    return expect(reader, 'comparison')
  }
  // The modes of a full-text search end it: MATCH (…) AGAINST ('…' IN BOOLEAN MODE).
  if (token.text === 'IN' && next?.text === 'BOOLEAN' && reader.tokens[reader.at + 2]?.text === 'MODE')
    return advance(reader, 3, 'operator')
  if (token.text === 'SOUNDS' && next?.text !== 'LIKE') return 'broken'
  if (comparisonWords.has(token.text)) {
    reader.at += token.text === 'SOUNDS' ? 2 : 1
    return expect(reader, 'comparison')
  }
  if (arithmeticWords.has(token.text)) {
    reader.at++
    return expect(reader, 'arithmetic')
  }
  return readTrailingWord(reader, token, next)
}

/** IS [NOT] NULL and its kin, which end an operand; IS before any other operand compares it, in SQLite. */
function readIs(reader: ExpressionReader): Step {
  reader.at++
  if (reader.tokens[reader.at]?.text === 'NOT') reader.at++
  const value = reader.tokens[reader.at]
  if (value?.kind !== 'word') return expect(reader, 'comparison')
  if (!constantWords.has(value.text)) return 'broken'
  reader.comparisons++
  if (reader.left === 'solid') reader.solidComparisons++
  reader.at++
  reader.left = 'solid'
  return 'operator'
}

function readTrailingWord(reader: ExpressionReader, token: SqlToken, next: SqlToken | undefined): Step {
  if (token.text === 'WHEN' || token.text === 'THEN' || token.text === 'ELSE') {
    if (token.text === 'WHEN') reader.cases++
    reader.at++
    return 'operand'
  }
  if (token.text === 'END' || token.text === 'ISNULL' || token.text === 'NOTNULL') {
    if (token.text !== 'END') reader.comparisons++
    reader.at++
    return 'operator'
  }
  if (token.text === 'AS') return readAlias(reader, next)
  return clauseWords.has(token.text) ? enterClause(reader, token, next) : 'broken'
}

function readAlias(reader: ExpressionReader, next: SqlToken | undefined): Step {
  if (next?.kind !== 'word' && next?.kind !== 'string' && next?.kind !== 'name') return 'broken'
  reader.at += 2
  return 'operator'
}

function enterClause(reader: ExpressionReader, token: SqlToken, next: SqlToken | undefined): Step {
  switch (token.text) {
    case 'ASC':
    case 'DESC':
      return advance(reader, 1, 'operator')
    case 'FOR':
      if (next?.text !== 'UPDATE' && next?.text !== 'SHARE') return 'broken'
      reader.clauses++
      return advance(reader, 2, 'operator')
    case 'FROM':
    case 'WHERE':
      reader.sources++
      return advance(reader, 1, 'operand')
    case 'ORDER':
    case 'GROUP':
      if (next?.text !== 'BY') return 'broken'
      reader.pending = 'clause'
      return advance(reader, 2, 'operand')
    case 'LIMIT':
      if (next?.kind !== 'number' && next?.kind !== 'variable') return 'broken'
      reader.pending = 'clause'
      return advance(reader, 1, 'operand')
    case 'HAVING':
      reader.pending = 'clause'
      return advance(reader, 1, 'operand')
    default:
      return 'broken'
  }
}

function advance(reader: ExpressionReader, tokens: number, next: Step): Step {
  reader.at += tokens
  return next
}
