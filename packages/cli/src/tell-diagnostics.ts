import type { Diagnostic } from '@gateward/kernel'
import { nearby, plural, wrap } from './output.ts'
import { printable } from './printable.ts'

/** How much of a list is shown. */
export interface DiagnosticsPage {
  /** Columns that a line may have. */
  readonly width: number
  /** Entries that are shown; `undefined`: all. */
  readonly limit?: number
}

interface Entry {
  readonly severity: string
  readonly place: string
  readonly message: string
  readonly fix: string
  count: number
}

/**
 * Diagnostics for people, errors first: the same mistake in many operations is one entry that counts them, a short
 * list stands in columns, and what is too long for its line goes on below.
 */
export function tellDiagnostics(
  diagnostics: readonly Diagnostic[],
  { width, limit }: DiagnosticsPage,
): string {
  const entries = toEntries(diagnostics)
  const shown = entries.slice(0, limit)
  const rest = entries.slice(shown.length).reduce((sum, { count }) => sum + count, 0)
  const lines = fitsColumns(shown, width) ? inColumns(shown) : shown.flatMap((entry) => inLines(entry, width))
  return [...lines, ...(rest > 0 ? [`… and ${rest.toLocaleString('en')} more: gateward check`] : [])].join(
    '\n',
  )
}

/** How many of each severity, as a sentence's beginning: `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  const parts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ]
  return parts.join(', ') || 'no mistakes'
}

function toEntries(diagnostics: readonly Diagnostic[]): readonly Entry[] {
  const entries = new Map<string, Entry>()
  const errorsFirst = diagnostics.toSorted((one, other) => rank(one) - rank(other))
  for (const diagnostic of errorsFirst) {
    const message = withoutOperation(diagnostic.message)
    const key = [diagnostic.code, diagnostic.severity, message, diagnostic.fix].join('\n')
    const known = entries.get(key)
    if (known === undefined) entries.set(key, toEntry(diagnostic))
    else known.count++
  }
  return [...entries.values()]
}

function rank({ severity }: Diagnostic): number {
  return severity === 'error' ? 0 : 1
}

function toEntry({ severity, message, fix, position }: Diagnostic): Entry {
  return {
    severity,
    place: position === undefined ? '' : nearby(`${position.file}:${position.line}:${position.column}`),
    // A name in a rule file may hold anything.
    message: printable(nearby(message)),
    fix: printable(nearby(fix ?? '')),
    count: 1,
  }
}

// Messages name the operation they are about; without its name the same mistake reads the same everywhere.
function withoutOperation(message: string): string {
  return message.replace(/operation \S+?(?=:? )/, 'operation')
}

function fitsColumns(entries: readonly Entry[], width: number): boolean {
  const [place, message, fix] = widths(entries)
  return place + message + fix + 'warning'.length + 6 <= width && entries.every(({ count }) => count === 1)
}

function inColumns(entries: readonly Entry[]): readonly string[] {
  const [placeWidth, messageWidth] = widths(entries)
  return entries.map(({ place, severity, message, fix }) => {
    const head = placeWidth === 0 ? '' : `${place.padEnd(placeWidth)}  `
    return `${head}${severity.padEnd(7)}  ${message.padEnd(messageWidth)}  ${fix}`.trimEnd()
  })
}

function inLines({ severity, place, message, fix, count }: Entry, width: number): readonly string[] {
  const more = count === 1 ? '' : `   and ${(count - 1).toLocaleString('en')} more like it`
  const indent = ' '.repeat(9)
  const body = wrap(message, width - indent.length)
  const way = fix === '' ? [] : wrap(`→ ${fix}`, width - indent.length)
  const head = place === '' && more === '' ? [] : [`${place}${more}`]
  const lines = [...head, ...body, ...way]
  return lines.map((line, at) => (at === 0 ? `${severity.padEnd(9)}${line}` : `${indent}${line}`))
}

function widths(entries: readonly Entry[]): readonly [place: number, message: number, fix: number] {
  const widest = (read: (entry: Entry) => string): number =>
    entries.reduce((width, entry) => Math.max(width, read(entry).length), 0)
  return [widest(({ place }) => place), widest(({ message }) => message), widest(({ fix }) => fix)]
}
