/** How the value of a field is written; its JSON is that of OTLP: 64-bit integers are decimal strings, ids hexadecimal. */
export type FieldKind =
  'string' | 'bool' | 'enum' | 'int64' | 'fixed32' | 'fixed64' | 'double' | 'id' | Message

/** A field of a message: its number in the published .proto files. */
export interface Field {
  readonly number: number
  readonly kind: FieldKind
  /** Numbers of a list stand in one piece; messages never do. */
  readonly isPacked: boolean
}

/** A message: its fields by their names in JSON. */
export type Message = Readonly<Record<string, Field>>

function field(number: number, kind: FieldKind): Field {
  return { number, kind, isPacked: false }
}

function packed(number: number, kind: 'fixed64' | 'double'): Field {
  return { number, kind, isPacked: true }
}

// What of opentelemetry-proto 1.x is sent; a test holds each to the published definitions.

const anyValue: Message = {
  stringValue: field(1, 'string'),
  boolValue: field(2, 'bool'),
  intValue: field(3, 'int64'),
  doubleValue: field(4, 'double'),
}

const keyValue: Message = { key: field(1, 'string'), value: field(2, anyValue) }
const resource: Message = { attributes: field(1, keyValue) }
const scope: Message = { name: field(1, 'string'), version: field(2, 'string') }

const spanEvent: Message = {
  timeUnixNano: field(1, 'fixed64'),
  name: field(2, 'string'),
  attributes: field(3, keyValue),
}

const span: Message = {
  traceId: field(1, 'id'),
  spanId: field(2, 'id'),
  parentSpanId: field(4, 'id'),
  name: field(5, 'string'),
  kind: field(6, 'enum'),
  startTimeUnixNano: field(7, 'fixed64'),
  endTimeUnixNano: field(8, 'fixed64'),
  attributes: field(9, keyValue),
  events: field(11, spanEvent),
  status: field(15, { message: field(2, 'string'), code: field(3, 'enum') }),
  flags: field(16, 'fixed32'),
}

const logRecord: Message = {
  timeUnixNano: field(1, 'fixed64'),
  severityNumber: field(2, 'enum'),
  severityText: field(3, 'string'),
  body: field(5, anyValue),
  attributes: field(6, keyValue),
  flags: field(8, 'fixed32'),
  traceId: field(9, 'id'),
  spanId: field(10, 'id'),
  observedTimeUnixNano: field(11, 'fixed64'),
  eventName: field(12, 'string'),
}

const numberDataPoint: Message = {
  startTimeUnixNano: field(2, 'fixed64'),
  timeUnixNano: field(3, 'fixed64'),
  asDouble: field(4, 'double'),
  attributes: field(7, keyValue),
}

const histogramDataPoint: Message = {
  startTimeUnixNano: field(2, 'fixed64'),
  timeUnixNano: field(3, 'fixed64'),
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  bucketCounts: packed(6, 'fixed64'),
  explicitBounds: packed(7, 'double'),
  attributes: field(9, keyValue),
}

const metric: Message = {
  name: field(1, 'string'),
  description: field(2, 'string'),
  unit: field(3, 'string'),
  gauge: field(5, { dataPoints: field(1, numberDataPoint) }),
  sum: field(7, {
    dataPoints: field(1, numberDataPoint),
    aggregationTemporality: field(2, 'enum'),
    isMonotonic: field(3, 'bool'),
  }),
  histogram: field(9, {
    dataPoints: field(1, histogramDataPoint),
    aggregationTemporality: field(2, 'enum'),
  }),
}

/** Items of one resource and one scope, under the names that a signal has for its lists. */
function request(all: string, scoped: string, items: string, item: Message): Message {
  const ofScope: Message = { scope: field(1, scope), [items]: field(2, item) }
  return { [all]: field(1, { resource: field(1, resource), [scoped]: field(2, ofScope) }) }
}

/** What is posted for each signal. */
export const exportRequests = {
  traces: request('resourceSpans', 'scopeSpans', 'spans', span),
  logs: request('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
  metrics: request('resourceMetrics', 'scopeMetrics', 'metrics', metric),
} as const
