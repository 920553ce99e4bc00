import { kindAt, skipOpen, textAt } from './cursor.ts'
import type { SqlToken } from './token.ts'
import { catalogNames, constantWords, coveted, determiners, isKeyword, sqlFunctions } from './vocabulary.ts'

const mostSelectedTokens = 120

/**
 * Whether the SELECT at a place begins a query rather than a sentence. `outside` says that it stands where only SQL
 * would put it: behind a semicolon, or in a parenthesis that holds an operand.
 */
export function isQuery(tokens: readonly SqlToken[], at: number, outside: boolean): boolean {
  const from = findFrom(tokens, at + 1)
  if (from === undefined) return outside ? isExpressionList(tokens, at + 1) : isSelectedCall(tokens, at + 1)
  const table = tokens[skipOpen(tokens, from + 1)] as SqlToken
  if (table.kind === 'word' && determiners.has(table.text)) return false
  if (outside && catalogNames.has(table.text)) return true
  const signs = listSigns(tokens, at + 1, from)
  if (signs === 'prose') return false
  if (catalogNames.has(table.text) || table.kind === 'variable') return true
  if (outside) return table.kind !== 'end' || signs === 'code'
  return signs === 'code' ? isTablePlace(tokens, from + 1) : isCoveted(tokens, at + 1, from)
}

/** `SELECT @@version`, `SELECT char(0x66)`: with no space before the parenthesis, as prose would have. */
function isSelectedCall(tokens: readonly SqlToken[], at: number): boolean {
  const first = tokens[at] as SqlToken
  if (first.kind === 'variable') return first.text.length > 1
  if (first.text === 'INFORMATION_SCHEMA') return true
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

/** Whether words follow as they do in a sentence: name after name, with no comma, FROM or sign between. */
export function isProse(tokens: readonly SqlToken[], at: number): boolean {
  const first = tokens[at]
  if (first?.kind !== 'word' || isKeyword(first.text)) return false
  const second = tokens[at + 1]
  if (second?.kind !== 'word') return false
  if (second.text === 'FROM') return determiners.has(textAt(tokens, at + 2))
  return !isKeyword(second.text) && textAt(tokens, at + 2) !== 'FROM'
}
