import { problemCatalog } from '@gateward/kernel'

/** The page with every problem a client can see, made from the catalog. */
export function problemReference(): string {
  const sections = Object.entries(problemCatalog).map(([code, { type, status, title, meaning, remedy }]) =>
    [
      `## ${code}`,
      '',
      `\`${status}\` ${title} · \`${type}\``,
      '',
      meaning,
      '',
      `**What to do:** ${remedy}`,
      '',
    ].join('\n'),
  )
  return ['# Problems', '', ...intro, '', ...sections].join('\n')
}

const intro = [
  'Every refusal is `application/problem+json` (RFC 9457) with the same members, and says nothing about the request but',
  'what the status says. The `requestId` leads the operator to the whole story: `gateward explain <requestId>`.',
  '',
  '```json',
  '{"type":"https://gateward.dev/problems/validation-error","title":"Invalid request","status":422,"error":"Invalid request","code":"VALIDATION_ERROR","requestId":"01K9Z3V8M4QXN0B7D5T2R6WYAE"}',
  '```',
]
