import type { SqlToken } from './token.ts'
import {
  catalogNames,
  constantWords,
  coveted,
  determiners,
  isKeyword,
  logicalWords,
  sqlFunctions,
  statementWords,
  tellingFunctions,
  tellingPackages,
} from './vocabulary.ts'

/** Whether the tokens before this place have left the literal or operand that the value was to be. */
export type Footing = 'outside' | 'start' | 'inside'

/**
 * The position in the value of a construct that is SQL and nothing else, wherever it stands: UNION SELECT, a query, a
 * stacked statement, a call or table that only somebody who injects names. Undefined where there is none.
 */
export function findStatement(tokens: readonly SqlToken[], brokeOut: boolean): number | undefined {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as SqlToken
    if (token.kind === 'variable' && isServerVariable(token, tokens, at)) return token.start
    if (token.kind !== 'word') continue
    const footing = footingOf(tokens, at, brokeOut)
    if (isUnion(tokens, at) || isTellingCall(tokens, at) || isStatement(tokens, at, footing))
      return token.start
  }
  return undefined
}

function footingOf(tokens: readonly SqlToken[], at: number, brokeOut: boolean): Footing {
  const before = tokens[at - 1]
  if (before === undefined) return 'start'
  if (before.kind === 'semicolon') return 'outside'
  if (logicalWords.has(before.text) && tokens[at - 2]?.kind === 'number') return 'outside'
  if (before.kind === 'open') return opensOutside(tokens, at - 1) ? 'outside' : 'start'
  return brokeOut ? 'outside' : 'inside'
}

/** Whether a parenthesis stands where an operand may: at the start of the value or after an operator. */
function opensOutside(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]
  return (
    before === undefined || before.kind !== 'word' || isKeyword(before.text) || sqlFunctions.has(before.text)
  )
}

function textAt(tokens: readonly SqlToken[], at: number): string {
  const token = tokens[at]
  return token?.kind === 'word' ? token.text : ''
}

function kindAt(tokens: readonly SqlToken[], at: number): SqlToken['kind'] {
  return tokens[at]?.kind ?? 'end'
}

function skipOpen(tokens: readonly SqlToken[], at: number): number {
  let next = at
  while (kindAt(tokens, next) === 'open') next++
  return next
}

function isUnion(tokens: readonly SqlToken[], at: number): boolean {
  const word = textAt(tokens, at)
  if (word !== 'UNION' && word !== 'INTERSECT' && word !== 'EXCEPT' && word !== 'MINUS') return false
  let next = at + 1
  while (/^(?:ALL|DISTINCT|DISTINCTROW|UNIQUE)$/.test(textAt(tokens, next))) next++
  next = skipOpen(tokens, next)
  const verb = textAt(tokens, next)
  if (verb === 'VALUES' && kindAt(tokens, next + 1) === 'open') return true
  return verb === 'SELECT' && !isProse(tokens, next + 1)
}

/** Whether words follow as they do in a sentence: name after name, with no comma, FROM or sign between. */
function isProse(tokens: readonly SqlToken[], at: number): boolean {
  const first = tokens[at]
  if (first?.kind !== 'word' || isKeyword(first.text)) return false
  const second = tokens[at + 1]
  if (second?.kind !== 'word') return false
  if (second.text === 'FROM') return determiners.has(textAt(tokens, at + 2))
  return !isKeyword(second.text) && textAt(tokens, at + 2) !== 'FROM'
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
function isStatement(tokens: readonly SqlToken[], at: number, footing: Footing): boolean {
  const verb = textAt(tokens, at)
  if (!statementWords.has(verb) || kindAt(tokens, at - 1) === 'dot') return false
  if (verb === 'SELECT') return isQuery(tokens, at, footing)
  if (footing === 'inside' && verb !== 'EXEC' && verb !== 'EXECUTE') return false
  return footing === 'outside' ? isStackedStatement(tokens, at) : isUnmistakable(tokens, at)
}

const mostSelectedTokens = 400

function isQuery(tokens: readonly SqlToken[], at: number, footing: Footing): boolean {
  const from = findFrom(tokens, at + 1)
  if (from === undefined)
    return footing === 'outside' ? isExpressionList(tokens, at + 1) : isSelectedCall(tokens, at + 1)
  const table = tokens[skipOpen(tokens, from + 1)] as SqlToken
  if (table.kind === 'word' && determiners.has(table.text)) return false
  const signs = listSigns(tokens, at + 1, from)
  if (signs === 'prose') return false
  if (catalogNames.has(table.text) || table.kind === 'variable') return true
  if (footing === 'outside') return table.kind !== 'end' || signs === 'code'
  return signs === 'code' ? isTablePlace(tokens, from + 1) : isCoveted(tokens, at + 1, from)
}

/** `SELECT @@version`, `SELECT char(0x66)`: with no space before the parenthesis, as prose would have. */
function isSelectedCall(tokens: readonly SqlToken[], at: number): boolean {
  const first = tokens[at] as SqlToken
  if (first.kind === 'variable') return first.text.length > 1
  return (
    sqlFunctions.has(textAt(tokens, at)) &&
    kindAt(tokens, at + 1) === 'open' &&
    tokens[at + 1]?.start === first.end
  )
}

function findFrom(tokens: readonly SqlToken[], start: number): number | undefined {
  const end = Math.min(tokens.length, start + mostSelectedTokens)
  for (let at = start; at < end; at++) {
    if (textAt(tokens, at) === 'FROM') return at
    if (kindAt(tokens, at) === 'semicolon') return undefined
  }
  return undefined
}

/** Whether a select list looks like prose (name after name), like code (signs, literals, calls), or like either. */
function listSigns(tokens: readonly SqlToken[], start: number, end: number): 'prose' | 'code' | 'either' {
  let code = false
  const first = textAt(tokens, start) === 'TOP' ? start + 2 : start
  for (let at = first; at < end; at++) {
    const token = tokens[at] as SqlToken
    if (token.kind === 'word' || token.kind === 'name') {
      if (kindAt(tokens, at + 1) === 'open' || kindAt(tokens, at + 1) === 'dot' || token.text.includes('_'))
        code = true
      const next = tokens[at + 1]
      const adjacent =
        at + 1 < end && next?.kind === 'word' && !isKeyword(token.text) && !isKeyword(next.text)
      if (adjacent && at > first) return 'prose'
    } else if (token.kind === 'other') return code ? 'code' : 'prose'
    else if (token.kind !== 'comma' && token.kind !== 'open' && token.kind !== 'close') {
      if (token.kind !== 'operator' || token.text === '*' || token.text === '||') code = true
    } else if (token.kind === 'comma') code = true
    if (
      token.kind === 'number' &&
      kindAt(tokens, at + 1) === 'word' &&
      at + 1 < end &&
      !isKeyword(textAt(tokens, at + 1))
    )
      return 'prose'
  }
  return code ? 'code' : 'either'
}

/** Whether a table may stand here: one name, perhaps with an alias, and then no third word of prose. */
function isTablePlace(tokens: readonly SqlToken[], at: number): boolean {
  const table = skipOpen(tokens, at)
  const kind = kindAt(tokens, table)
  if (kind !== 'word') return kind !== 'comma' && kind !== 'close'
  const after = tokens[table + 1]
  if (after?.kind !== 'word' || isKeyword(after.text)) return true
  return kindAt(tokens, table + 2) !== 'word' || isKeyword(textAt(tokens, table + 2))
}

function isCoveted(tokens: readonly SqlToken[], start: number, from: number): boolean {
  const hasGoal = coveted.has(textAt(tokens, from + 1)) || coveted.has(textAt(tokens, start))
  const after = tokens[from + 2]
  if (after?.kind === 'word' && /^(?:WHERE|LIMIT|ORDER|GROUP|UNION)$/.test(after.text)) return true
  return hasGoal && from - start <= 2 && isTablePlace(tokens, from + 1)
}

/** `(SELECT 1)`, `; SELECT version()`: a list of expressions with no table. */
function isExpressionList(tokens: readonly SqlToken[], start: number): boolean {
  let at = start
  while (/^(?:ALL|DISTINCT|TOP)$/.test(textAt(tokens, at))) at++
  at = skipOpen(tokens, at)
  const first = tokens[at] as SqlToken
  if (first.kind === 'word') {
    if (
      constantWords.has(first.text) ||
      first.text === 'SELECT' ||
      first.text === 'CASE' ||
      first.text === 'IF'
    )
      return true
    const next = kindAt(tokens, at + 1)
    return next === 'open' || next === 'comma' || (next === 'dot' && kindAt(tokens, at + 2) === 'word')
  }
  if (first.kind === 'operator') return /^[-+~!*]/.test(first.text) && kindAt(tokens, at + 1) !== 'end'
  return (
    (first.kind === 'number' || first.kind === 'string' || first.kind === 'variable') &&
    kindAt(tokens, at + 1) !== 'word'
  )
}

/** After a semicolon or outside of the literal: the second word of a statement is enough to know it. */
function isStackedStatement(tokens: readonly SqlToken[], at: number): boolean {
  const second = tokens[at + 1] as SqlToken
  const third = tokens[at + 2]
  switch (textAt(tokens, at)) {
    case 'DROP':
    case 'CREATE':
    case 'ALTER':
      if (third?.kind === 'comment' && second.kind === 'word') return true
      return (
        /^(?:TABLE|DATABASE|SCHEMA|VIEW|USER|FUNCTION|PROCEDURE|TRIGGER|INDEX|COLUMN|LOGIN|ROLE|OR|TEMP|TEMPORARY|ALIAS|EXTENSION|LANGUAGE|SEQUENCE|TYPE|RULE|EVENT|SERVER|ASSEMBLY)$/.test(
          second.text,
        ) && isNameLike(third)
      )
    case 'TRUNCATE':
      return second.kind === 'word' && !determiners.has(second.text)
    case 'INSERT':
    case 'REPLACE':
    case 'MERGE':
      return second.text === 'INTO' && !determiners.has(third?.text ?? '')
    case 'DELETE':
      if (/^(?:LOW_PRIORITY|QUICK|IGNORE)$/.test(second.text)) return third?.text === 'FROM'
      return second.text === 'FROM' && !determiners.has(third?.text ?? '')
    case 'UPDATE':
      return isNameLike(second) && (third?.text === 'SET' || third?.kind === 'dot')
    case 'EXEC':
    case 'EXECUTE':
    case 'CALL':
      return isCalled(tokens, at + 1)
    case 'DECLARE':
    case 'SET':
      return (
        second.kind === 'variable' ||
        (third?.kind === 'operator' && third.text === '=' && second.kind === 'word')
      )
    case 'SHUTDOWN':
    case 'RECONFIGURE':
    case 'COMMIT':
    case 'ROLLBACK':
    case 'VACUUM':
      return second.kind !== 'word' || isKeyword(second.text)
    case 'IF':
    case 'WHILE':
      return second.kind === 'open' || isKeyword(second.text)
    case 'SHOW':
      return /^(?:TABLES|DATABASES|COLUMNS|WARNINGS|ERRORS|VARIABLES|GRANTS|PROCESSLIST|STATUS|SCHEMAS|CREATE|FULL|INDEX|KEYS)$/.test(
        second.text,
      )
    case 'GRANT':
    case 'REVOKE':
      return (
        second.kind === 'word' &&
        (third?.text === 'ON' || third?.text === 'TO' || third?.text === 'PRIVILEGES')
      )
    case 'USE':
    case 'OPEN':
    case 'KILL':
      return (
        (second.kind === 'word' || second.kind === 'number') &&
        (third?.kind === 'semicolon' || third?.kind === 'comment')
      )
    case 'COPY':
    case 'BACKUP':
    case 'RESTORE':
    case 'LOAD':
    case 'BULK':
    case 'PREPARE':
    case 'HANDLER':
    case 'ATTACH':
    case 'RENAME':
    case 'PRAGMA':
    case 'DBCC':
    case 'RAISERROR':
    case 'PRINT':
      return hasCodeWithin(tokens, at + 1)
    case 'BEGIN':
    case 'DO':
    case 'WITH':
    case 'VALUES':
      return (
        second.kind === 'string' || second.kind === 'open' || isKeyword(second.text) || third?.text === 'AS'
      )
    case 'GOTO':
      return second.kind === 'word' && third?.kind === 'comment'
    default:
      return false
  }
}

function isNameLike(token: SqlToken | undefined): boolean {
  if (token === undefined) return false
  return (
    token.kind === 'name' ||
    token.kind === 'string' ||
    (token.kind === 'word' && !determiners.has(token.text))
  )
}

function isCalled(tokens: readonly SqlToken[], at: number): boolean {
  const first = tokens[at] as SqlToken
  if (first.kind === 'variable' || first.kind === 'open') return true
  if (first.kind !== 'word') return first.kind === 'string'
  if (/^(?:XP_|SP_|MASTER$|IMMEDIATE$)/.test(first.text)) return true
  if (first.text === 'AS') return /^(?:LOGIN|USER|OWNER|CALLER|SELF)$/.test(textAt(tokens, at + 1))
  const next = kindAt(tokens, at + 1)
  return next === 'open' || next === 'string' || next === 'dot' || next === 'variable'
}

/** Whether a literal, a variable or a sign stands among the next few tokens: prose after the verb has none. */
function hasCodeWithin(tokens: readonly SqlToken[], at: number): boolean {
  return tokens
    .slice(at, at + 5)
    .some(
      ({ kind, text }) => kind === 'string' || kind === 'variable' || (kind === 'operator' && text === '='),
    )
}

/** At the very start of a value, where prose may begin with the same word, the grammar must be seen further on. */
function isUnmistakable(tokens: readonly SqlToken[], at: number): boolean {
  switch (textAt(tokens, at)) {
    case 'INSERT':
    case 'REPLACE':
      return textAt(tokens, at + 1) === 'INTO' && isInsertion(tokens, at + 2)
    case 'UPDATE':
      return (
        isStackedStatement(tokens, at) &&
        kindAt(tokens, at + 3) === 'word' &&
        kindAt(tokens, at + 4) === 'operator'
      )
    case 'DELETE':
      return isStackedStatement(tokens, at) && (isEndOf(tokens, at + 3) || textAt(tokens, at + 3) === 'WHERE')
    case 'DROP':
    case 'TRUNCATE':
      return (
        isStackedStatement(tokens, at) &&
        isEndOf(tokens, at + (textAt(tokens, at + 1) === 'TABLE' || textAt(tokens, at) === 'DROP' ? 3 : 2))
      )
    case 'CREATE':
    case 'ALTER':
      return (
        isStackedStatement(tokens, at) &&
        (kindAt(tokens, at + 3) === 'open' || statementWords.has(textAt(tokens, at + 3)))
      )
    case 'EXEC':
    case 'EXECUTE':
      return (
        kindAt(tokens, at + 1) === 'variable' ||
        /^(?:XP_|SP_|MASTER$|IMMEDIATE$)/.test(textAt(tokens, at + 1)) ||
        (kindAt(tokens, at + 1) === 'open' && kindAt(tokens, at + 2) === 'variable')
      )
    case 'DECLARE':
      return kindAt(tokens, at + 1) === 'variable'
    default:
      return false
  }
}

function isInsertion(tokens: readonly SqlToken[], at: number): boolean {
  const end = Math.min(tokens.length, at + 60)
  for (let next = at + 1; next < end; next++)
    if (/^(?:VALUES?|SELECT|EXEC)$/.test(textAt(tokens, next)))
      return kindAt(tokens, next + 1) !== 'word' || textAt(tokens, next) === 'SELECT'
  return false
}

function isEndOf(tokens: readonly SqlToken[], at: number): boolean {
  const kind = kindAt(tokens, at)
  return kind === 'end' || kind === 'semicolon' || kind === 'comment'
}
