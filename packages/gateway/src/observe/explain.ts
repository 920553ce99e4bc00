import type { ExchangeRecord } from './find-record.ts'

/** The story of one exchange in a dozen lines for a terminal; `order` is the pipeline's order of guards. */
export function explain(record: ExchangeRecord, order: readonly string[]): string {
  const outcome = record.code === undefined ? String(record.status) : `${record.status} ${record.code}`
  const who =
    record.credential === undefined
      ? 'anonymous'
      : `${record.credential} (${[record.label, record.tier].filter(Boolean).join(', ')})`
  const lines = [
    `${record.method} ${record.path}  →  ${outcome}   ${record.ms.toFixed(1)} ms   ${who}   config ${record.configuration}`,
    '',
    ...guardRow(record, order),
    '',
  ]
  const refusing = record.guards.filter((entry) => entry.verdict === 'refuse' || entry.verdict === 'fault')
  for (const entry of refusing) {
    const shadow = entry.mode === 'shadow' ? '  (shadow: it went on)' : ''
    lines.push(`  ${entry.guard.padEnd(16)}${entry.note ?? entry.code ?? ''}${shadow}`)
  }
  if (refusing.length === 0 && record.reason !== undefined)
    lines.push(`  ${(record.code ?? '').padEnd(16)}${record.reason}`)
  for (const entry of record.guards) {
    if (entry.verdict === 'pass' && entry.note !== undefined && entry.phase.startsWith('response')) {
      lines.push(`  ${entry.guard.padEnd(16)}${entry.note}`)
    }
  }
  const never = neverAsked(record, order)
  if (never.length > 0) lines.push(`  ${'never asked'.padEnd(16)}${never.join(', ')}`)
  lines.push(`  ${'client'.padEnd(16)}${record.client}`, `  ${'time'.padEnd(16)}${record.time}`)
  if (record.upstream_ms !== undefined)
    lines.push(`  ${'upstream'.padEnd(16)}${record.upstream_ms.toFixed(1)} ms`)
  return lines.join('\n')
}

function guardRow(record: ExchangeRecord, order: readonly string[]): string[] {
  const cells = order.flatMap((guard) => {
    const entries = record.guards.filter(
      (entry) => entry.guard === guard && entry.phase.startsWith('request'),
    )
    const last = entries.at(-1)
    if (last === undefined) return []
    const refused = entries.find((entry) => entry.verdict !== 'pass')
    const note = entries.find((entry) => entry.verdict === 'pass' && entry.note !== undefined)?.note
    const name = refused === undefined ? guard : `${guard} ╳`
    return [
      {
        name,
        verdict:
          refused === undefined
            ? (note ?? 'pass')
            : refused.verdict === 'refuse'
              ? 'refused'
              : refused.verdict,
      },
    ]
  })
  if (cells.length === 0) return ['  no guard was asked']
  const widths = cells.map(({ name, verdict }) => Math.max(name.length, Math.min(24, verdict.length)))
  const names = cells.map(({ name }, index) => name.padEnd(widths[index] ?? 0)).join(' ─ ')
  const verdicts = cells
    .map(({ verdict }, index) => verdict.slice(0, widths[index]).padEnd(widths[index] ?? 0))
    .join('   ')
  return [`  ${names.trimEnd()}`, `  ${verdicts.trimEnd()}`]
}

function neverAsked(record: ExchangeRecord, order: readonly string[]): string[] {
  const asked = new Set(record.guards.map((entry) => entry.guard))
  const lastAsked = Math.max(-1, ...order.map((guard, index) => (asked.has(guard) ? index : -1)))
  const never = order.filter((guard, index) => index > lastAsked && !asked.has(guard))
  return record.upstream_ms === undefined ? [...never, 'upstream'] : never
}
