import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { withPlainCharacters } from '../plain-characters.ts'
import { readExpression } from './expression.ts'
import { findPhrase } from './phrases.ts'
import type { ExpressionReading } from './expression-reader.ts'
import { findStackedStatement, findStatement, mayHoldStatement } from './statement.ts'
import type { SqlContext, SqlDialect, SqlToken } from './token.ts'
import { mysql, standard } from './token.ts'
import type { Tokens } from './tokenize.ts'
import { tokenize } from './tokenize.ts'
import { isTalkedAbout } from './talked-about.ts'
import { isSearchedFor } from './searched-text.ts'
import { changesNumber, changesQuoted } from './verdict.ts'

/**
 * Finds a value that would change the structure of an SQL statement it is put into: as a number, or inside single quotes,
 * double quotes or backticks. It is read in each of these places by the grammar of MySQL and by that of the other databases;
 * an attack leaves the literal and goes on in a way that SQL can parse.
 */
export function detectSqlInjection(value: ByteString): Detection | undefined {
  if (!mayBeSql.test(value)) return undefined
  const plain = withoutSinglePercents(withPlainCharacters(value))
  const read = mayHoldStatement(plain) ? judge : judgeExpression
  const known: KnownTokens = new Map()
  for (const context of contextsOf(plain)) {
    const found =
      read(plain, context, mysql, known) ??
      (dialectsDiffer.test(plain) ? read(plain, context, standard, known) : undefined)
    if (found !== undefined && !(context === '' && isSearchedFor(plain, found)))
      return detectionAt(plain, found)
  }
  const phrase = findPhrase(plain)
  if (phrase === undefined) return undefined
  const at = plain.indexOf(phrase.evidence)
  return isSearchedFor(plain, at) || (at > 0 && isTalkedAbout(plain, at)) ? undefined : phrase
}

// No expression leaves its place without a sign that opens, ends, compares or comments, a literal that something follows,
// or a word that joins or begins a clause: most values have none, and are not read at all.
const mayBeSql =
  /[(;#=<>|&{\\\xe2\xef\xca]|--|\/\*|(?<![\w.+-])@|['"`][\s)]*[-+*/%^~!,'"`]|(?:^|[^a-z])(?:x?or|and|union|select|r?like|regexp|i[ns]|between|div|mod|having|order|group|limit|into|procedure|case|insert|update|delete|drop|exec(?:ute)?|declare|waitfor|sounds|not|eqv|imp|for|collate|from|intersect|except|minus|alter|create|truncate|glob|match|similar)(?![a-z])|xp_|%[a-z]%|0x[2-7][\da-f]00/i

/** `%U%N%I%O%N`: pages of ASP leave out a percent sign that nothing is encoded behind. */
function withoutSinglePercents(value: string): string {
  return everyPercent.test(value) ? value.replace(/%(?=[^%]|$)/g, '') : value
}

const everyPercent = /(?:%[^%]){6}/

const dialectsDiffer = /--|[#\\]/

function* contextsOf(value: string): Generator<SqlContext> {
  yield ''
  if (value.includes("'")) yield "'"
  if (value.includes('"')) yield '"'
  if (value.includes('`')) yield '`'
}

/** The tokens of an earlier context, in which no statement was found: from some place on most others have the same ones. */
type KnownTokens = Map<SqlDialect, Tokens>

/** Where in the value the structure changes, if it does in this context and dialect. */
function judge(
  value: string,
  context: SqlContext,
  dialect: SqlDialect,
  known: KnownTokens,
): number | undefined {
  const read = tokenize(value, context, dialect, undefined, known.get(dialect))
  const statement = findStatement(value, read)
  if (statement !== undefined) {
    known.delete(dialect)
    return statement
  }
  known.set(dialect, read)
  return judgeReading(value, read.tokens, readExpression(read.tokens, context), context)
}

/**
 * The same for a value without the words that begin statements. Most values are no expression from their second word on,
 * so that a few tokens are enough to know it.
 */
function judgeExpression(
  value: string,
  context: SqlContext,
  dialect: SqlDialect,
  known: KnownTokens,
): number | undefined {
  const head = tokenize(value, context, dialect, headTokens).tokens
  const reading = readExpression(head, context)
  const isKnown = reading.end === 'broken' && reading.at + mostLookahead < head.length
  if (isKnown || head.length <= headTokens) return judgeReading(value, head, reading, context)
  const read = tokenize(value, context, dialect, undefined, known.get(dialect))
  known.set(dialect, read)
  return judgeReading(value, read.tokens, readExpression(read.tokens, context), context)
}

const headTokens = 10
/** How far beyond the token at which a reading breaks it, and the verdict on it, may have looked. */
const mostLookahead = 4

function judgeReading(
  value: string,
  tokens: readonly SqlToken[],
  reading: ExpressionReading,
  context: SqlContext,
): number | undefined {
  const stacked = reading.end === 'stacked' ? findStackedStatement(tokens, reading.at) : undefined
  if (stacked !== undefined) return stacked
  if (context === '') return changesNumber(value, tokens, reading) ? 0 : undefined
  return changesQuoted(value, tokens, reading) ? (tokens[0]?.end ?? 1) - 1 : undefined
}
