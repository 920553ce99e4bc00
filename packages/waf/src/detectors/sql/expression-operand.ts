import type { ExpressionReader, Step } from './expression-reader.ts'
import { takeOperand } from './expression-reader.ts'
import type { SqlToken } from './token.ts'
import { callableKeywords, constantWords, isKeyword, prefixWords, sqlFunctions } from './vocabulary.ts'

/** Reads the operand that begins at a token. */
export function readOperand(reader: ExpressionReader, token: SqlToken): Step {
  switch (token.kind) {
    case 'number':
    case 'variable':
      reader.at++
      return takeOperand(reader, 'solid')
    case 'string':
      if (token.text !== '') return readOpenLiteral(reader)
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

/** The start of a literal that the statement may close: `OR 'a'='a` compares with it. */
function readOpenLiteral(reader: ExpressionReader): Step {
  if (reader.pending === 'comparison' && reader.logical > 0) takeOperand(reader, 'solid')
  return 'broken'
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
