import type { ActionCall } from '../language/rule.ts'
import type { ReportMistake } from './mistake.ts'
import { findClosingQuote, unescapeQuote } from './split-words.ts'

/**
 * Reads a list of actions: `id:1,phase:2,t:none,msg:'a, b',setvar:'tx.score=+5'`. An argument between single quotes
 * may hold commas, and `\'` for a quote.
 */
export function parseActions(text: string, report: ReportMistake): readonly ActionCall[] {
  const actions: ActionCall[] = []
  let at = skip(text, 0, separators)
  while (at < text.length) {
    const nameEnd = skip(text, at, nameCharacters)
    if (nameEnd === at) {
      report({
        code: 'bad-action',
        message: 'an action was expected',
        fix: 'write name or name:argument',
        offset: at,
      })
      at = skip(text, endOfBare(text, at), separators)
      continue
    }
    const argument = readArgument(text, skip(text, nameEnd, blanks), report)
    actions.push({ name: text.slice(at, nameEnd).toLowerCase(), argument: argument.value })
    at = skip(text, argument.end, separators)
  }
  return actions
}

const separators = /[\t ,]*/y
const blanks = /[\t ]*/y
const nameCharacters = /[A-Za-z_]*/y

interface Argument {
  readonly value: string | undefined
  readonly end: number
}

function readArgument(text: string, from: number, report: ReportMistake): Argument {
  if (text[from] !== ':') {
    const end = endOfBare(text, from)
    if (end > from) reportStray(text, from, end, report)
    return { value: undefined, end }
  }
  const start = skip(text, from + 1, blanks)
  if (text[start] === "'") return readQuoted(text, start, report)
  const end = endOfBare(text, start)
  const value = text.slice(start, end).trimEnd()
  if (value === '') {
    const fix = 'write an argument, or leave out the colon'
    report({ code: 'missing-argument', message: 'nothing stands after the colon', fix, offset: from })
  }
  return { value, end }
}

function readQuoted(text: string, start: number, report: ReportMistake): Argument {
  const close = findClosingQuote(text, start + 1, "'")
  if (close === undefined) {
    const value = unescapeQuote(text.slice(start + 1), "'")
    report({
      code: 'open-quote',
      message: "the ' is never closed",
      fix: "write ' at the argument's end",
      offset: start,
      // Behind a comma may stand an action that decides: it must not be lost in a text.
      ...(!value.includes(',') && { isHarmless: true }),
    })
    return { value, end: text.length }
  }
  const value = unescapeQuote(text.slice(start + 1, close), "'")
  const after = skip(text, close + 1, blanks)
  const end = endOfBare(text, after)
  if (end > after) reportStray(text, after, end, report)
  return { value, end }
}

function reportStray(text: string, from: number, end: number, report: ReportMistake): void {
  const stray = text.slice(from, Math.min(end, from + 40))
  const fix = "separate actions with a comma; write \\' for a quote inside quotes"
  report({
    code: 'text-after-action',
    message: `"${stray}" stands where a comma was expected`,
    fix,
    offset: from,
  })
}

function endOfBare(text: string, from: number): number {
  const comma = text.indexOf(',', from)
  return comma === -1 ? text.length : comma
}

function skip(text: string, from: number, pattern: RegExp): number {
  pattern.lastIndex = from
  return from + (pattern.exec(text)?.[0].length ?? 0)
}
