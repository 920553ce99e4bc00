import type { ReportMistake } from './mistake.ts'

/** One word of a directive: bare, or what stands between quotes. */
export interface Word {
  readonly text: string
  /** Where it begins in the line, the quote not counted. */
  readonly offset: number
}

/**
 * Splits a directive into words at blanks, as Apache does: a word may be quoted with `"` or `'`, and inside, a
 * backslash before that quote takes its meaning away. Every other backslash stays, because it belongs to a regular
 * expression. A quote that is never closed is read to the line's end, as other engines do.
 */
export function splitWords(line: string, report: ReportMistake): readonly Word[] {
  const words: Word[] = []
  let at = skipBlanks(line, 0)
  while (at < line.length) {
    const quote = line[at]
    const word = quote === '"' || quote === "'" ? readQuoted(line, at, quote, report) : readBare(line, at)
    words.push({ text: word.text, offset: word.offset })
    at = skipBlanks(line, word.end)
  }
  return words
}

interface ReadWord extends Word {
  readonly end: number
}

function readBare(line: string, start: number): ReadWord {
  let end = start
  while (end < line.length && !isBlank(line[end])) end++
  return { text: line.slice(start, end), offset: start, end }
}

function readQuoted(line: string, start: number, quote: string, report: ReportMistake): ReadWord {
  const end = findClosingQuote(line, start + 1, quote)
  if (end === undefined) {
    report({
      code: 'open-quote',
      message: `the ${quote} is never closed, so that the argument ends with the line`,
      fix: `write ${quote} at the argument's end`,
      offset: start,
      isHarmless: true,
    })
    return { text: unescapeQuote(line.slice(start + 1), quote), offset: start + 1, end: line.length }
  }
  // A quote may follow at once: a continued line joins two arguments without a blank.
  const next = line[end + 1]
  if (next !== undefined && next !== quote && !isBlank(next)) {
    report({
      code: 'text-after-quote',
      message: `the argument ends at a ${quote}, but text follows it`,
      fix: `write \\${quote} inside the argument, or a blank after it`,
      offset: end + 1,
    })
  }
  return { text: unescapeQuote(line.slice(start + 1, end), quote), offset: start + 1, end: end + 1 }
}

/** Finds the quote before which no backslash stands that is not itself escaped. */
export function findClosingQuote(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return undefined
}

/** Takes away the backslashes that stand before a quote. */
export function unescapeQuote(text: string, quote: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\[^]/g, (pair) => (pair[1] === quote ? quote : pair))
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (isBlank(line[at])) at++
  return at
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
