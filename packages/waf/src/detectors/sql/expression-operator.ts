import type { ExpressionReader, Step } from './expression-reader.ts'
import { advance, expect } from './expression-reader.ts'
import type { SqlToken } from './token.ts'
import { arithmeticWords, clauseWords, comparisonWords, constantWords, logicalWords } from './vocabulary.ts'

/** Reads what stands behind an operand: an operator, the end of a parenthesis, or the next clause. */
export function readOperator(reader: ExpressionReader, token: SqlToken): Step {
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

const comparisonSymbols = /^(?:<=>|<>|!=|<=|>=|==|=|<|>|!<|!>|\^=|~=|!?~~?\*?|@>|<@)$/

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

function joinLiteral(reader: ExpressionReader, token: SqlToken): Step {
  const previous = reader.tokens[reader.at - 1]
  if (token.text !== '' || previous?.kind !== 'string') return 'broken'
  reader.at++
  return 'operator'
}

/** Reads a word where an operator may stand. */
export function readOperatorWord(reader: ExpressionReader, token: SqlToken): Step {
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
      // `substring(version() from 1 for 1)`: arguments that need no comma.
      if (reader.depth > 0 && reader.sources > 0 && isCount(next)) return advance(reader, 1, 'operand')
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
    case 'OFFSET':
      if (next?.kind !== 'number' && next?.kind !== 'variable') return 'broken'
      reader.pending = 'clause'
      return advance(reader, 1, 'operand')
    case 'INTO':
      if (next?.kind !== 'variable') return 'broken'
      reader.pending = 'clause'
      return advance(reader, 1, 'operand')
    case 'HAVING':
      reader.pending = 'clause'
      return advance(reader, 1, 'operand')
    default:
      return 'broken'
  }
}

function isCount(token: SqlToken | undefined): boolean {
  return token?.kind === 'number' || token?.kind === 'variable' || token?.kind === 'open'
}
