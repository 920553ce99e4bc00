/** Where a command writes; tests give their own. */
export interface Output {
  /** Results; with `--json` nothing else goes here. */
  readonly out: (text: string) => void
  /** Progress, warnings and mistakes. */
  readonly err: (text: string) => void
  /** Columns that a line may have. */
  readonly width: number
}

/** Lines longer than this are hard to read even where the terminal is wider. */
const widest = 120

export const terminal: Output = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  width: Math.min(widest, Math.max(60, process.stdout.columns ?? process.stderr.columns ?? 100)),
}

/** Columns that line up, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Columns that line up, and a last one that goes on below itself where a line would be too long. */
export function wrappedTable(rows: readonly (readonly string[])[], width: number): string {
  const columns = Math.max(...rows.map((row) => row.length)) - 1
  const heads = table(rows.map((row) => [...row.slice(0, columns), '|'])).split('\n')
  return rows
    .flatMap((row, index) => {
      const head = (heads[index] ?? '').slice(0, -1)
      const lines = (row[columns] ?? '').split('\n').flatMap((line) => wrap(line, width - head.length))
      return lines.map((line, at) => `${at === 0 ? head : ' '.repeat(head.length)}${line}`.trimEnd())
    })
    .join('\n')
}

/** A text in lines of at most `width` columns, broken at spaces; a word that is longer stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** `1 error`, `1,223 warnings`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** A text with the paths in it as they are from the current folder. */
export function nearby(text: string): string {
  const folder = process.cwd()
  return folder === '/' ? text : text.replaceAll(`${folder}/`, '')
}
