import type { ExpressionReading } from './expression-reader.ts'
import type { SqlToken } from './token.ts'
import { constantWords } from './vocabulary.ts'

/** Whether a value in the place of a number is an expression of SQL that nobody writes by chance. */
export function changesNumber(
  value: string,
  tokens: readonly SqlToken[],
  reading: ExpressionReading,
): boolean {
  if (reading.logical > 0 && reading.solidComparisons > 0) return true
  if (reading.end === 'broken') return endsInUnion(value, tokens, reading)
  if (endsInEmptyStatement(tokens, reading)) return !reading.startsWithName || reading.clauses > 0
  if (isTellingExpression(reading)) return true
  if (tokens[0]?.text === 'SLEEP' && reading.sqlCalls > 0) return true
  const startsSolid = !reading.startsWithName
  if (!startsSolid) return false
  // "true or false" is made of constants, and says nothing.
  const onlyWords = constantWords.has(tokens[0]?.text ?? '') && reading.sqlCalls + reading.subqueries === 0
  if (reading.logical > 0 && isTelling(reading) && !onlyWords) return true
  if (reading.logical > 0 && reading.end === 'comment' && reading.operands > 1) return true
  if (reading.logical > 0 && reading.comparisons > 0 && tokens[0]?.kind !== 'string') return true
  if (reading.clauses > 0 && (!reading.endsWithName || reading.end === 'comment')) return true
  if (reading.constants > 0 && tokens[0]?.kind === 'number') return true
  if (reading.closers > 0 && reading.sources > 1) return true
  return (
    reading.end === 'comment' &&
    reading.operands > 0 &&
    tokens[0]?.kind !== 'string' &&
    !reading.endsWithName &&
    isBareComment(value, tokens, reading) &&
    !placeholders.test(value)
  )
}

/** Digits with places for more of them, and numbers that hyphens join: `03## ## ##`, `1-4-4--1`. */
const placeholders = /^(?:[\d ]{1,20}#[#\d ]{0,20}#|\d{1,9}(?:-{1,3}\d{1,9}){2,40}-{0,2})$/

/** Whether a value inside quotes closes them and goes on as the statement could. */
export function changesQuoted(
  value: string,
  tokens: readonly SqlToken[],
  reading: ExpressionReading,
): boolean {
  const first = tokens[0] as SqlToken
  if (first.text !== '') return false
  if (reading.logical > 0 && (reading.solidComparisons > 0 || isTelling(reading))) return true
  if (reading.end === 'broken') return false
  if (endsInEmptyStatement(tokens, reading)) return true
  if (reading.end === 'reopened') return isReopening(value, tokens, reading)
  if (reading.end === 'comment') return isCutOff(value, tokens, reading)
  if (countOperators(reading) > 0 && (reading.sqlCalls > 0 || reading.subqueries > 0)) return true
  if (reading.clauses > 0 && !reading.endsWithName) return true
  return reading.logical > 0 && reading.comparisons > 0
}

function countOperators(reading: ExpressionReading): number {
  return reading.logical + reading.comparisons + reading.arithmetic
}

function isTelling(reading: ExpressionReading): boolean {
  return reading.sqlCalls > 0 || reading.subqueries > 0 || reading.constants > 0
}

/** Calls, subqueries and cases that are worth something in an expression, whatever it starts with. */
function isTellingExpression(reading: ExpressionReading): boolean {
  const operators = countOperators(reading)
  if (reading.sqlCalls > 0 && reading.sqlCalls + reading.subqueries + operators > 1) return true
  if (reading.subqueries > 0 && operators > 0) return true
  return reading.cases > 1 || (reading.cases > 0 && reading.solidComparisons > 0)
}

/** `-1 union` behind a comment: the beginning of a union, which a filter is asked about before the rest is sent. */
function endsInUnion(value: string, tokens: readonly SqlToken[], reading: ExpressionReading): boolean {
  if (reading.startsWithName || tokens[reading.at]?.text !== 'UNION') return false
  const next = tokens[reading.at + 1]?.kind
  const disguised = reading.arithmetic > 0 || tokens[0]?.kind === 'operator' || /#|\/\*|--/.test(value)
  return disguised && (next === 'end' || next === 'comment')
}

/** `'; --`: a semicolon and then a comment to the end. */
function endsInEmptyStatement(tokens: readonly SqlToken[], reading: ExpressionReading): boolean {
  return reading.end === 'stacked' && tokens[reading.at + 1]?.kind === 'comment'
}

/** Whether operators lead from the closed literal to the one that the surrounding quote will close. */
function isReopening(value: string, tokens: readonly SqlToken[], reading: ExpressionReading): boolean {
  if (countOperators(reading) === 0) return false
  const opensAt = (tokens[0] as SqlToken).end - 1
  if (value[opensAt] === '`' && reading.logical === 0) return false
  if (isQuotation(value, tokens)) return false
  if (reading.logical + reading.sqlCalls > 0) return true
  // Signs in quotes and paths in attributes (`'<' to '<='`, `href="/a/"`) compute nothing; nor do inches (`36" + 48 "`).
  if (value.slice(0, opensAt).trim() !== '' && isNaturalQuote(value, opensAt)) return false
  if (reading.comparisons > 0) return true
  return !(value[opensAt] === '"' && /\d/.test(value[opensAt - 1] ?? ''))
}

/** Whether a quote stands where prose and code open one: at the start of a word. */
function isNaturalQuote(value: string, at: number): boolean {
  if (!/^(?:|[\s=([{,:>@])$/.test(value[at - 1] ?? '')) return false
  // A blank in quotes is a sign that somebody writes about: ' ' in place of '/'.
  return /\S/.test(value[at + 1] ?? ' ') || value[at + 2] === value[at]
}

/** Whether two quotes stand around one word or sign and nothing else, as in `small "&" sign` and `"like"`. */
function isQuotation(value: string, tokens: readonly SqlToken[]): boolean {
  const opensAt = (tokens[0] as SqlToken).end - 1
  const sign = tokens[1] as SqlToken
  const last = tokens[2]
  if (tokens.length !== 4 || last === undefined || !isNaturalQuote(value, opensAt)) return false
  const rest = value.slice(last.start + 1)
  if (rest !== '' || opensAt > 0)
    return /^$|^[\s.,;:!?)\]`'"*]/.test(rest) && opensAt + 2 + sign.text.length >= last.start
  return sign.kind === 'word' || (value[0] === '"' && /^[-+*/&%]$/.test(sign.text))
}

/** Whether a comment cuts off the rest of the statement, and is not merely a word in quotes that begins like one. */
function isCutOff(value: string, tokens: readonly SqlToken[], reading: ExpressionReading): boolean {
  if (reading.logical + reading.closers + reading.clauses + reading.sqlCalls + reading.solidComparisons > 0)
    return true
  const quoteEnd = (tokens[0] as SqlToken).end
  const comment = tokens[reading.at] as SqlToken
  const bare = isBareComment(value, tokens, reading)
  if (value[quoteEnd - 1] === '`') return false
  if (isNaturalQuote(value, quoteEnd - 1))
    return bare && reading.arithmetic === 0 && !closesAgain(value, quoteEnd, comment)
  if (reading.arithmetic > 0) return !reading.endsWithName
  return (
    bare || comment.start === quoteEnd || /^\W+\w*\W*$/.test(value.slice(comment.start, comment.start + 200))
  )
}

/** `"#"` and `'--'`: a quoted sign, not a literal cut off. */
function closesAgain(value: string, quoteEnd: number, comment: SqlToken): boolean {
  return comment.start === quoteEnd && value[comment.start + comment.text.length] === value[quoteEnd - 1]
}

/** Whether nothing that a person would read stands in the comment, or the word with which SQL Server hides a query from its log. */
function isBareComment(value: string, tokens: readonly SqlToken[], reading: ExpressionReading): boolean {
  const comment = tokens[reading.at] as SqlToken
  const text = value.slice(comment.start + comment.text.length, comment.start + 200)
  return !/[A-Za-z0-9]{2}/.test(text) || text.includes('sp_password')
}
