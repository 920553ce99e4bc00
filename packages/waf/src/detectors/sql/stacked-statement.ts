import { kindAt, textAt } from './cursor.ts'
import type { SqlToken } from './token.ts'
import { determiners, isKeyword, statementWords } from './vocabulary.ts'

const objects =
  /^(?:TABLE|DATABASE|SCHEMA|VIEW|USER|FUNCTION|PROCEDURE|TRIGGER|INDEX|COLUMN|LOGIN|ROLE|OR|TEMP|TEMPORARY|ALIAS|EXTENSION|LANGUAGE|SEQUENCE|TYPE|RULE|EVENT|SERVER|ASSEMBLY)$/

/** The objects behind whose name parts follow, in parentheses or as a statement: "create user page (#7)" and "create event hub" have none. */
const objectsWithParts =
  /^(?:TABLE|VIEW|FUNCTION|PROCEDURE|TRIGGER|INDEX|COLUMN|OR|TEMP|TEMPORARY|ALIAS|TYPE|DATABASE)$/

/** Whether a statement begins here, behind the semicolon that ended an operand: its second word is enough to know it. */
export function isStackedStatement(tokens: readonly SqlToken[], at: number): boolean {
  const second = tokens[at + 1] as SqlToken
  const third = tokens[at + 2]
  switch (textAt(tokens, at)) {
    case 'DROP':
    case 'CREATE':
    case 'ALTER':
      if (third?.kind === 'comment' && second.kind === 'word') return true
      return objects.test(second.text) && isNameLike(third)
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
      return isNameLike(second) && (third?.text === 'SET' || textAt(tokens, at + 4) === 'SET')
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
      return (
        second.kind === 'number' ||
        second.kind === 'variable' ||
        second.kind === 'open' ||
        isKeyword(second.text)
      )
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
    case 'HANDLER':
      return /^(?:OPEN|READ|CLOSE)$/.test(third?.text ?? '')
    case 'COPY':
    case 'BACKUP':
    case 'RESTORE':
    case 'LOAD':
    case 'BULK':
    case 'PREPARE':
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

/** Whether a statement begins here, where prose may begin with the same word: the grammar must be seen further on. */
export function isUnmistakable(tokens: readonly SqlToken[], at: number): boolean {
  switch (textAt(tokens, at)) {
    case 'INSERT':
    case 'REPLACE':
      return textAt(tokens, at + 1) === 'INTO' && isInsertion(tokens, at + 2)
    case 'UPDATE':
      return isStackedStatement(tokens, at) && tokens.slice(at + 3, at + 7).some(({ text }) => text === '=')
    case 'DELETE':
      return (
        isStackedStatement(tokens, at) &&
        (textAt(tokens, at + 3) === 'WHERE' || (isEndOf(tokens, at + 3) && kindAt(tokens, at + 3) !== 'end'))
      )
    case 'DROP':
    case 'TRUNCATE':
      return (
        isStackedStatement(tokens, at) &&
        (objects.test(textAt(tokens, at + 1)) ||
          (textAt(tokens, at) === 'TRUNCATE' && leavesBefore(tokens, at))) &&
        isEndOf(tokens, at + (textAt(tokens, at + 1) === 'TABLE' || textAt(tokens, at) === 'DROP' ? 3 : 2))
      )
    case 'CREATE':
    case 'ALTER':
      return (
        isStackedStatement(tokens, at) &&
        objectsWithParts.test(textAt(tokens, at + 1)) &&
        textAt(tokens, at + 2) !== 'WITH' &&
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

/** Whether the value begins here, or what it was put into ended before: `fix: truncate names` is a title. */
function leavesBefore(tokens: readonly SqlToken[], at: number): boolean {
  return /^(?:end|semicolon|string|close|number)$/.test(kindAt(tokens, at - 1))
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
