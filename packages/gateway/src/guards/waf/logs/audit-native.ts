import { formatLogLine } from '@gateward/waf'
import { auditParts, type AuditParts, type Field } from './audit-parts.ts'
import { months, twoDigits } from './error-lines.ts'
import type { Inspected } from './inspected.ts'
import type { Mask } from './mask.ts'

/**
 * An audit record in ModSecurity's native format: parts between lines `--<boundary>-<letter>--`. A boundary is the end of the
 * request id, and what a client sent can never be taken for one, since each of its lines would have to hold it.
 */
export function auditNative(inspected: Inspected, letters: string, mask: Mask): string {
  const parts = auditParts(inspected, letters, mask)
  const boundary = inspected.exchange.id.slice(-8).toLowerCase()
  const sections = ['A', ...letters.replace(/[AZ]/g, '').split(''), 'Z'].flatMap((letter) => {
    const text = sectionOf(letter, inspected, parts)
    return text === undefined ? [] : [`--${boundary}-${letter}--\n${text}\n`]
  })
  return `${sections.join('')}\n`
}

function sectionOf(letter: string, inspected: Inspected, parts: AuditParts): string | undefined {
  switch (letter) {
    case 'A':
      return heading(inspected)
    case 'B':
      return `${parts.requestLine}\n${fieldLines(parts.requestFields)}`
    case 'C':
    case 'I':
      return parts.requestBody === undefined ? undefined : oneLine(parts.requestBody)
    case 'E':
      return parts.answerBody === undefined ? undefined : oneLine(parts.answerBody)
    case 'F':
      return `HTTP/1.1 ${parts.status}\n${fieldLines(parts.answerFields)}`
    case 'H':
      return trailer(inspected, parts)
    case 'K':
      return parts.matches.map(({ id, position }) => `${id} ${position.file}:${position.line}\n`).join('')
    case 'Z':
      return ''
    default:
      return undefined
  }
}

function heading({ exchange, time }: Inspected): string {
  const date = new Date(time)
  const day = `${twoDigits(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':')
  const fraction = String(date.getUTCMilliseconds()).padStart(3, '0')
  return `[${day}:${clock}.${fraction}000 +0000] ${exchange.id} ${exchange.client.text} 0 ${exchange.request.host || '-'} 0\n`
}

function trailer({ exchange, block, enforced }: Inspected, { matches }: AuditParts): string {
  const context = {
    hostname: exchange.request.host,
    uri: exchange.request.path,
    id: exchange.id,
    clientAddress: exchange.client.text,
  }
  const messages = matches.map(
    (match) => `Message: ${formatLogLine(match, context).replace(/^\[client [^\]]*\] ModSecurity: /, '')}\n`,
  )
  const action = block !== undefined && enforced ? [`Action: Intercepted (phase ${block.phase})\n`] : []
  return [
    ...messages,
    ...action,
    'Producer: Gateward\n',
    `Engine-Mode: "${enforced ? 'ENABLED' : 'DETECTION_ONLY'}"\n`,
  ].join('')
}

function fieldLines(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}: ${oneLine(value)}\n`).join('')
}

/** Line ends of a value as `\n`: a record keeps one line for each. */
function oneLine(text: string): string {
  return text.replace(/\r?\n|\r/g, '\\n')
}
