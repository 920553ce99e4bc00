import type { WafMatch } from './match.ts'

/** What a log line says of the request besides the match. */
export interface LogLineContext {
  readonly hostname: string
  readonly uri: string
  readonly id: string
  readonly clientAddress: string
  /** That this match denied the request, with which status and in which phase; left out, it warns. */
  readonly denied?: { readonly status: number; readonly phase: number }
}

/**
 * A match as ModSecurity writes it into an error log, for readers of such logs:
 * `ModSecurity: Warning. [file "…"] [line "…"] [id "942100"] [msg "…"] [data "…"] … [uri "…"] [unique_id "…"]`.
 * Every byte that could end a field or the line is written as `\xHH`.
 */
export function formatLogLine(match: WafMatch, context: LogLineContext): string {
  const fields: [string, string][] = [
    ['file', match.position.file],
    ['line', String(match.position.line)],
    ['id', String(match.id)],
    ['msg', match.msg],
    ['data', match.data],
    ['severity', match.severity === undefined ? '' : String(match.severity)],
    ...match.tags.map((tag): [string, string] => ['tag', tag]),
    ['hostname', context.hostname],
    ['uri', context.uri],
    ['unique_id', context.id],
  ]
  const written = fields
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `[${name} "${escape(value)}"]`)
  const { denied } = context
  const outcome =
    denied === undefined ? 'Warning.' : `Access denied with code ${denied.status} (phase ${denied.phase}).`
  return `[client ${escape(context.clientAddress)}] ModSecurity: ${outcome} ${written.join(' ')}`
}

function escape(value: string): string {
  return value.replace(/[^ !#-[\]-~]/g, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    return `\\x${(character.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`
  })
}
