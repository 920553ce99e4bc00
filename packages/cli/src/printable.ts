/** A text for a terminal: what a client sent may hold its control sequences. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�')
}

const widestCell = 100

/** The same for a column of a table, which a client could make as wide as it likes. */
export function printableCell(text: string): string {
  const shown = printable(text)
  return shown.length <= widestCell ? shown : `${shown.slice(0, widestCell - 1)}…`
}
