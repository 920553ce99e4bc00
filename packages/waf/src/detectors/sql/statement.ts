import { kindAt, skipOpen, textAt } from './cursor.ts'
import { isProse, isQuery } from './query.ts'
import { isStackedStatement, isUnmistakable } from './stacked-statement.ts'
import { isTalkedAbout } from './talked-about.ts'
import type { SqlToken } from './token.ts'
import type { Tokens } from './tokenize.ts'
import {
  isKeyword,
  logicalWords,
  sqlFunctions,
  statementWords,
  tellingFunctions,
  tellingPackages,
} from './vocabulary.ts'

/**
 * The position in the value of a construct that is SQL and nothing else, wherever it stands: UNION SELECT, a query, a
 * whole statement, a call that only somebody who injects makes. Undefined where there is none.
 * What the reading shares with another one was searched there.
 */
export function findStatement(value: string, { tokens, sharedFrom }: Tokens): number | undefined {
  const until = Math.min(tokens.length, sharedFrom + mostLookedBack)
  for (let at = 0; at < until; at++) {
    const token = tokens[at] as SqlToken
    if (isCredible(tokens, at) && !isTalkedAbout(value, token.start)) return token.start
  }
  return undefined
}

/** How many tokens before its first one a statement is judged by. */
const mostLookedBack = 2

function isCredible(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at] as SqlToken
  if (token.kind === 'variable') return isServerVariable(token, tokens, at)
  if (token.kind !== 'word' || !tellingWords.has(token.text)) return false
  return isUnion(tokens, at) || isTellingCall(tokens, at) || isStatement(tokens, at)
}

/** The words that a construct of those may begin with. */
const tellingWords = new Set([
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'MINUS',
  'WAITFOR',
  'BENCHMARK',
  'INTO',
  'PROCEDURE',
  'SLEEP',
  ...tellingFunctions,
  ...tellingPackages,
  ...statementWords,
])

/** The position of the statement that follows the semicolon at a place, if one does. */
export function findStackedStatement(tokens: readonly SqlToken[], semicolon: number): number | undefined {
  let at = semicolon + 1
  while (kindAt(tokens, at) === 'semicolon') at++
  // A label, as in "anything: goto anything", or an opening BEGIN.
  if (tokens[at + 1]?.text === ':') at += 2
  const token = tokens[at] as SqlToken
  if (token.kind !== 'word' || !statementWords.has(token.text)) return undefined
  const found = token.text === 'SELECT' ? isQuery(tokens, at, true) : isStackedStatement(tokens, at)
  return found ? token.start : undefined
}

/** Whether a value has the words without which `findStatement` finds nothing; nearly none that people write has. */
export function mayHoldStatement(value: string): boolean {
  return signs.test(value) || pairs.some(([verb, partner]) => verb.test(value) && partner.test(value))
}

const signs = new RegExp(
  [
    '@@|drop|truncate|create|alter|exec|declare|waitfor|benchmark|outfile|dumpfile|analyse|sleep',
    ...tellingFunctions,
    ...tellingPackages,
  ].join('|'),
  'i',
)

/** Verbs with what stands behind or before them wherever they make a statement. */
const pairs: readonly (readonly [verb: RegExp, partner: RegExp])[] = [
  [
    /select/i,
    /from|[(@;]|union|intersect|except|minus|information_schema|&&|\|\||(?<![a-z])(?:x?or|and|eqv|imp)(?![a-z])/i,
  ],
  [/values|table/i, /union|intersect|except|minus/i],
  [/insert|replace/i, /into/i],
  [/update/i, /set/i],
  [/delete/i, /from/i],
]

function isUnion(tokens: readonly SqlToken[], at: number): boolean {
  const word = textAt(tokens, at)
  if (word !== 'UNION' && word !== 'INTERSECT' && word !== 'EXCEPT' && word !== 'MINUS') return false
  let next = at + 1
  while (/^(?:ALL|DISTINCT|DISTINCTROW|UNIQUE)$/.test(textAt(tokens, next))) next++
  next = skipOpen(tokens, next)
  const verb = textAt(tokens, next)
  if (verb === 'VALUES' && kindAt(tokens, next + (textAt(tokens, next + 1) === 'ROW' ? 2 : 1)) === 'open')
    return true
  if (verb === 'TABLE') return isUnionWithTable(tokens, at, next)
  // "student union select committee": words before, one word after, and nothing else.
  const alone = kindAt(tokens, at - 1) === 'word' && kindAt(tokens, next + 2) === 'end'
  if (alone && !isKeyword(textAt(tokens, at - 1)) && kindAt(tokens, next + 1) === 'word') return false
  return verb === 'SELECT' && !isProse(tokens, next + 1)
}

/** `' UNION TABLE users--`: behind an operand, and the statement goes on as one, for the Union has table tennis, too. */
function isUnionWithTable(tokens: readonly SqlToken[], union: number, table: number): boolean {
  const after = tokens[table + 2]
  const goesOn =
    after?.kind === 'comment' || after?.kind === 'semicolon' || /^(?:LIMIT|ORDER)$/.test(after?.text ?? '')
  return (
    /^(?:string|number|close)$/.test(kindAt(tokens, union - 1)) &&
    kindAt(tokens, table + 1) === 'word' &&
    goesOn
  )
}

function isServerVariable(token: SqlToken, tokens: readonly SqlToken[], at: number): boolean {
  const name = token.text.toUpperCase()
  if (
    !/^@@(?:VERSION|HOSTNAME|DATADIR|BASEDIR|TMPDIR|SERVERNAME|GLOBAL|SESSION|SECURE_FILE_PRIV|SPID|VERSION_COMPILE_OS|LANGUAGE)\b/.test(
      name,
    )
  )
    return false
  return at === 0 || tokens[at - 1]?.kind !== 'word' || isKeyword(tokens[at - 1]?.text ?? '')
}

function isTellingCall(tokens: readonly SqlToken[], at: number): boolean {
  const word = textAt(tokens, at)
  if (tellingFunctions.has(word)) return kindAt(tokens, at + 1) === 'open'
  if (tellingPackages.has(word) && kindAt(tokens, at + 1) === 'dot') return kindAt(tokens, at + 2) === 'word'
  if (word === 'WAITFOR')
    return /^(?:DELAY|TIME)$/.test(textAt(tokens, at + 1)) && kindAt(tokens, at + 2) === 'string'
  if (word === 'BENCHMARK')
    return (
      kindAt(tokens, at + 1) === 'open' &&
      kindAt(tokens, at + 2) === 'number' &&
      kindAt(tokens, at + 3) === 'comma'
    )
  if (word === 'INTO')
    return /^(?:OUTFILE|DUMPFILE)$/.test(textAt(tokens, at + 1)) && isFileName(tokens, at + 2)
  if (word === 'PROCEDURE') return textAt(tokens, at + 1) === 'ANALYSE' && kindAt(tokens, at + 2) === 'open'
  if (word === 'SLEEP') return kindAt(tokens, at + 1) === 'open' && followsOperator(tokens, at)
  return false
}

function isFileName(tokens: readonly SqlToken[], at: number): boolean {
  const kind = kindAt(tokens, at)
  return kind === 'string' || kind === 'open' || kindAt(tokens, at + 1) === 'open'
}

/** Whether an operator other than an assignment, or AND and its kin, stands before. */
function followsOperator(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]
  if (before === undefined) return false
  return (before.kind === 'operator' && before.text !== '=') || logicalWords.has(before.text)
}

/** Whether a whole statement begins here, judged by the grammar of its verb. */
function isStatement(tokens: readonly SqlToken[], at: number): boolean {
  const verb = textAt(tokens, at)
  if (!statementWords.has(verb) || kindAt(tokens, at - 1) === 'dot') return false
  if (verb === 'SELECT' && isPartOfName(tokens, at)) return false
  if (verb === 'SELECT') return isQuery(tokens, at, standsOutside(tokens, at))
  const before = kindAt(tokens, at - 1)
  return before !== 'word' && before !== 'number' && isUnmistakable(tokens, at)
}

/** `rc-select@14.5.2`, `multi-select from the list`: no database subtracts a query without parentheses. */
function isPartOfName(tokens: readonly SqlToken[], at: number): boolean {
  const [word, hyphen, select] = [tokens[at - 2], tokens[at - 1], tokens[at]]
  return (
    word?.kind === 'word' && hyphen?.text === '-' && word.end === hyphen.start && hyphen.end === select?.start
  )
}

/** Whether a query stands where only SQL would put it: as an operand in parentheses, or behind `1 AND`. */
function standsOutside(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]
  if (before?.kind === 'semicolon') return true
  if (before === undefined || before.kind !== 'open')
    return logicalWords.has(before?.text ?? '') && kindAt(tokens, at - 2) === 'number'
  const outer = tokens[at - 2]
  return outer === undefined || outer.kind !== 'word' || isKeyword(outer.text) || sqlFunctions.has(outer.text)
}
