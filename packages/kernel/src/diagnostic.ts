/** `error` stops a load; `warning` is shown and lets it go on. */
export type Severity = 'error' | 'warning'

/** A place in a text file; line and column count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * A mistake in a configuration, a contract or a rule file. Mistakes are collected and told all at once;
 * `message` says what was read and why it cannot work, `fix` what to write instead.
 */
export interface Diagnostic {
  /** A stable kebab-case name of the kind of mistake, such as `unknown-setting`. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly fix?: string
  readonly position?: SourcePosition
}

/** Thrown where a caller asked for a compiled thing and only mistakes could be had. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(formatDiagnostics(diagnostics))
    this.diagnostics = diagnostics
  }
}

/** Whether any diagnostic is an error, so that nothing may be loaded. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}

/** One line a diagnostic, in aligned columns: `file:line:column  severity  message  fix`. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const rows = diagnostics.map((diagnostic) => [
    formatPosition(diagnostic.position),
    diagnostic.severity,
    diagnostic.message,
    diagnostic.fix ?? '',
  ])
  const widths = [0, 1, 2].map((column) =>
    Math.min(
      80,
      rows.reduce((width, row) => Math.max(width, (row[column] ?? '').length), 0),
    ),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function formatPosition(position: SourcePosition | undefined): string {
  return position === undefined ? '-' : `${position.file}:${position.line}:${position.column}`
}
