import { auditParts, matchText } from './audit-parts.ts'
import type { Inspected } from './inspected.ts'
import type { Mask } from './mask.ts'

/** An audit record as one line of JSON, with the members that ModSecurity 3 gives it. */
export function auditJson(inspected: Inspected, letters: string, mask: Mask): string {
  const parts = auditParts(inspected, letters, mask)
  const { exchange, block, enforced, time } = inspected
  const [method = '', uri = '', protocol = ''] = parts.requestLine.split(' ')
  const transaction = {
    client_ip: exchange.client.text,
    time_stamp: new Date(time).toISOString(),
    unique_id: exchange.id,
    request: {
      method,
      http_version: protocol.replace(/^HTTP\//, ''),
      uri,
      hostname: exchange.request.host,
      ...(letters.includes('B') && { headers: toObject(parts.requestFields) }),
      ...(parts.requestBody !== undefined && { body: parts.requestBody }),
    },
    response: {
      http_code: parts.status,
      ...(letters.includes('F') && { headers: toObject(parts.answerFields) }),
      ...(parts.answerBody !== undefined && { body: parts.answerBody }),
    },
    producer: { connector: 'gateward', secrules_engine: enforced ? 'Enabled' : 'DetectionOnly' },
    intercepted: enforced && block !== undefined,
    ...(block !== undefined && {
      blocking: { ruleId: String(block.ruleId), phase: block.phase, status: block.status },
    }),
    ...(letters.includes('H') && { messages: parts.matches.map(toMessage) }),
  }
  return `${JSON.stringify({ transaction })}\n`
}

type Match = Inspected['matches'][number]

function toMessage(match: Match): object {
  return {
    message: matchText(match.msg),
    details: {
      match: matchText(match.variable),
      ruleId: String(match.id),
      phase: match.phase,
      file: match.position.file,
      lineNumber: String(match.position.line),
      data: matchText(match.data),
      severity: match.severity === undefined ? '' : String(match.severity),
      tags: match.tags,
    },
  }
}

/** A field that comes more than once is a list. */
function toObject(
  fields: readonly (readonly [string, string])[],
): Readonly<Record<string, string | string[]>> {
  const all = Map.groupBy(fields, ([name]) => name)
  return Object.fromEntries(
    [...all].map(([name, lines]) => [
      name,
      lines.length === 1 ? (lines[0]?.[1] ?? '') : lines.map(([, value]) => value),
    ]),
  )
}
