import type { ExchangeRecord } from './records/exchange-record.ts'

/** How the story is laid out. */
export interface StoryPage {
  /** Columns that a line may have. */
  readonly width: number
  /** Makes paths in what guards noted as short as the reader knows them. */
  readonly shorten: (text: string) => string
}

const plainPage: StoryPage = { width: 100, shorten: (text) => text }

/** The story of one exchange in a dozen lines for a terminal; `order` is the pipeline's order of guards. */
export function explain(
  record: ExchangeRecord,
  order: readonly string[],
  page: StoryPage = plainPage,
): string {
  const details = [
    ...reasons(record),
    ...notes(record),
    ...passedOver(record),
    ...never(record, order),
    ...circumstances(record),
  ]
  return [
    ...flow(headline(record), '   ', page.width),
    '',
    ...guardRows(record, order, page.width),
    '',
    ...details.flatMap(([name, text]) => hang(name, page.shorten(text), page.width)),
  ].join('\n')
}

type Detail = readonly [name: string, text: string]

function headline(record: ExchangeRecord): readonly string[] {
  const outcome = record.code === undefined ? String(record.status) : `${record.status} ${record.code}`
  const who = [record.credential ?? 'anonymous', record.label, record.tier].filter(
    (part) => part !== undefined,
  )
  return [
    `${record.method} ${record.path}  →  ${outcome}`,
    `${record.ms.toFixed(1)} ms`,
    who.join(' · '),
    `config ${record.configuration}`,
  ]
}

function reasons(record: ExchangeRecord): readonly Detail[] {
  const refusing = record.guards.filter(({ verdict }) => verdict === 'refuse' || verdict === 'fault')
  if (refusing.length === 0)
    return record.reason === undefined ? [] : [[record.code ?? 'reason', record.reason]]
  return refusing.map(({ guard, mode, note, code }) => [
    guard,
    `${note ?? code ?? ''}${mode === 'shadow' ? '   (shadow: it went on)' : ''}`,
  ])
}

function notes(record: ExchangeRecord): readonly Detail[] {
  return record.guards.flatMap(({ guard, verdict, note, phase }): Detail[] =>
    verdict === 'pass' && note !== undefined && (phase.startsWith('response') || !fitsRow(note))
      ? [[guard, note]]
      : [],
  )
}

function passedOver({ waf }: ExchangeRecord): readonly Detail[] {
  if (waf === undefined || waf.skipped.length === 0) return []
  return [['not inspected', `${waf.skipped.join(', ')}: harmless by the contract`]]
}

function never(record: ExchangeRecord, order: readonly string[]): readonly Detail[] {
  const asked = new Set(record.guards.map(({ guard }) => guard))
  // How far the request came: a guard behind the one that refused it may still have seen the answer.
  const onTheWay = record.guards.filter(({ phase }) => phase.startsWith('request'))
  const last = Math.max(-1, ...onTheWay.map(({ guard }) => order.indexOf(guard)))
  const unasked = order.filter((guard, index) => index > last && !asked.has(guard))
  const all = record.upstream_ms === undefined ? [...unasked, 'upstream'] : unasked
  return all.length === 0 ? [] : [['never asked', all.join(', ')]]
}

function circumstances(record: ExchangeRecord): readonly Detail[] {
  const { client, time, upstream_ms: upstream } = record
  return [
    ...(upstream === undefined ? [] : [['upstream', `${upstream.toFixed(1)} ms`] as const]),
    ['client', client],
    ['time', time],
  ]
}

interface Cell {
  readonly name: string
  readonly verdict: string
}

/** The row of guards with what each said below it; where it is too long, it goes on in a second row. */
function guardRows(record: ExchangeRecord, order: readonly string[], width: number): readonly string[] {
  const asked = order.flatMap((guard) => toCell(record, guard) ?? [])
  // Guards behind the one that refused may have seen the head before it saw the body: the row ends where the request did.
  const end = asked.findIndex(({ name }) => name.endsWith('╳'))
  const cells = end < 0 ? asked : asked.slice(0, end + 1)
  if (cells.length === 0) return ['  no guard was asked']
  const rows: Cell[][] = [[]]
  let used = 2
  for (const cell of cells) {
    const next = cellWidth(cell) + 3
    if (used + next > width + 3) {
      rows.push([])
      used = 2
    }
    rows.at(-1)?.push(cell)
    used += next
  }
  return rows.flatMap((row, index) => toLines(row, index < rows.length - 1))
}

function toLines(row: readonly Cell[], goesOn: boolean): readonly string[] {
  const names = row.map((cell) => cell.name.padEnd(cellWidth(cell))).join(' ─ ')
  const verdicts = row.map((cell) => cell.verdict.padEnd(cellWidth(cell))).join('   ')
  return [`  ${goesOn ? `${names} ─` : names}`.trimEnd(), `  ${verdicts}`.trimEnd()]
}

function toCell(record: ExchangeRecord, guard: string): Cell | undefined {
  const entries = record.guards.filter((entry) => entry.guard === guard && entry.phase.startsWith('request'))
  if (entries.length === 0) return undefined
  const decisive = entries.find(({ verdict }) => verdict !== 'pass')
  if (decisive === undefined)
    return { name: guard, verdict: shortNote(entries.find(({ note }) => note !== undefined)?.note) }
  const { verdict, mode } = decisive
  const said = verdict === 'refuse' ? 'refused' : verdict
  return mode === 'shadow' ? { name: guard, verdict: `(${said})` } : { name: `${guard} ╳`, verdict: said }
}

function shortNote(note = 'pass'): string {
  return fitsRow(note) ? note : 'pass'
}

/** Whether a note is told in the row; else it has a line of its own below. */
function fitsRow(note: string): boolean {
  return note.length <= 24
}

function cellWidth({ name, verdict }: Cell): number {
  return Math.max(name.length, verdict.length)
}

const nameWidth = 16

function hang(name: string, text: string, width: number): readonly string[] {
  const indent = nameWidth + 2
  const lines = flow(text.split(/ (?! )/), ' ', width - indent, '')
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(nameWidth - 1)} ${line}`.trimEnd())
}

/** Parts in lines of at most `width` columns. */
function flow(parts: readonly string[], gap: string, width: number, indent = '  '): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const part of parts) {
    if (line !== '' && line.length + gap.length + part.length > width) {
      lines.push(line)
      line = indent + part
    } else line = line === '' ? part : line + gap + part
  }
  return [...lines, line]
}
