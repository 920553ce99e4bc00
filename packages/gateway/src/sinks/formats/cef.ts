import type { GatewardEvent } from '../../observe/events/event.ts'
import type { LineWriter } from '../../observe/line-writer.ts'
import { factsOf, type EventFacts } from './event-facts.ts'
import type { EventWriter, WritingContext } from './event-writer.ts'
import { isHole, type Hole, type Leaf } from './hole.ts'
import type { Shown, ShownRequest } from './shown.ts'
import { createEventWriter } from './write-event.ts'

/** Events in ArcSight's Common Event Format, version 0. */
export function createCefWriter(context: WritingContext): EventWriter {
  return createEventWriter({ pieces: (event, shown) => toCef(event, shown, context), writeText })
}

function toCef(
  event: GatewardEvent,
  shown: Shown,
  { version, host }: WritingContext,
): readonly (string | Hole)[] {
  const facts = factsOf(event)
  const head = ['Gateward', 'Gateward', version, event.kind, nameOf(event.kind), severities[facts.severity]]
  return [
    `CEF:0|${head.map((part) => escapeHead(String(part))).join('|')}|`,
    ...extension([
      ['rt', shown.time],
      ['externalId', shown.uid],
      ['dvchost', host],
      ['msg', facts.message.slice(0, 1_000)],
      ['outcome', facts.failed ? 'failure' : 'success'],
      ['reason', reasonOf(event)?.slice(0, 1_000)],
      ...(shown.request === undefined ? [] : requestMembers(shown.request)),
    ]),
  ]
}

const severities: Readonly<Record<EventFacts['severity'], number>> = {
  informational: 1,
  low: 3,
  medium: 5,
  high: 8,
  critical: 10,
}

function nameOf(kind: string): string {
  return kind.replaceAll('-', ' ')
}

function reasonOf(event: object): string | undefined {
  return 'reason' in event && typeof event.reason === 'string' ? event.reason : undefined
}

type Member = readonly [name: string, value: Leaf | undefined]

function requestMembers({ own, isIPv6 }: ShownRequest): readonly Member[] {
  return [
    ['src', isIPv6 ? undefined : own.client],
    ['c6a2', isIPv6 ? own.client : undefined],
    ['c6a2Label', isIPv6 ? 'Source IPv6 Address' : undefined],
    ['suser', own.consumer],
    ['requestMethod', own.method],
    ['request', own.path],
    ['dhost', own.host],
    ['app', own.protocol],
    ['in', own.bytesIn],
    ['out', own.bytesOut],
    ['cn1', own.status],
    ['cn1Label', 'status'],
    ['cs1', own.requestId],
    ['cs1Label', 'requestId'],
    ['cs2', `${own.api} ${own.operation}`],
    ['cs2Label', 'operation'],
  ]
}

function extension(members: readonly Member[]): readonly (string | Hole)[] {
  return members
    .filter(([, value]) => value !== undefined && value !== '')
    .flatMap(([name, value], index) => [
      `${index === 0 ? '' : ' '}${name}=`,
      isHole(value) ? value : escapeValue(String(value)),
    ])
}

function escapeHead(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|]/g, '\\$&')
}

function writeText(line: LineWriter, text: string): void {
  if (plain.test(text)) line.ascii(text)
  else line.text(escapeValue(text))
}

/** What needs no escape, and is one byte a character. */
const plain = /^[\x20-\x3c\x3e-\x5b\x5d-\x7e]*$/

function escapeValue(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}
