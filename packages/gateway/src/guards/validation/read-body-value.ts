import { isUtf8 } from 'node:buffer'
import type { BodySchema, Violation } from '@gateward/openapi'
import { readFormBody, type FormField } from '../../exchange/form-body.ts'
import { readMultipart, type FormPart } from '../../exchange/multipart.ts'
import { readJsonLines } from '../../exchange/json-lines.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import type { DeclaredBody } from './body-types.ts'
import { findXmlFault } from './xml-fault.ts'

/** A body as a value that a schema can be asked about. */
export type BodyReading =
  | { readonly kind: 'value'; readonly value: unknown; readonly violations: readonly Violation[] }
  /** It is not what its media type says. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Most fields and parts of a form. */
export interface FormBounds {
  readonly maxFields: number
  readonly maxParts: number
}

/** Reads a body by the format its media type was declared with; everything but binary must really be of that format. */
export function readBodyValue(body: WholeBody, declared: DeclaredBody, bounds: FormBounds): BodyReading {
  const { schema, mediaType } = declared
  switch (schema.format) {
    case 'json':
      return withoutViolations(body.json())
    case 'ndjson':
      return withoutViolations(readJsonLines(body.toBytes(), body.limits))
    case 'form':
      return readForm(schema, readFormBody(body.toBytes(), bounds.maxFields))
    case 'multipart':
      return readParts(schema, body, mediaType.parameters.get('boundary'), bounds.maxParts)
    case 'text':
      return readText(body.toBytes())
    case 'xml':
      return readXml(body.toBytes())
    default:
      return readBinary(schema, body.toBytes())
  }
}

const none: readonly Violation[] = []

function withoutViolations(
  reading: { kind: 'value'; value: unknown } | { kind: 'refused'; reason: string },
): BodyReading {
  return reading.kind === 'refused' ? reading : { kind: 'value', value: reading.value, violations: none }
}

function readForm(schema: BodySchema, reading: ReturnType<typeof readFormBody>): BodyReading {
  if (reading.kind === 'refused') return reading
  return readFields(schema, reading.fields)
}

function readParts(
  schema: BodySchema,
  body: WholeBody,
  boundary: string | undefined,
  maxParts: number,
): BodyReading {
  const reading = readMultipart(body.toBytes(), boundary, maxParts)
  return reading.kind === 'refused' ? reading : readFields(schema, reading.parts.map(toField))
}

// Latin-1 keeps one character a byte, so that lengths in the schema of a file mean bytes.
function toField(part: FormPart): FormField {
  const isText = part.filename === undefined && isUtf8(part.bytes)
  return [part.name, part.bytes.toString(isText ? 'utf8' : 'latin1')]
}

function readFields(schema: BodySchema, fields: readonly FormField[]): BodyReading {
  if (schema.readForm === undefined)
    return { kind: 'value', value: Object.fromEntries(fields), violations: none }
  return { kind: 'value', ...schema.readForm(fields) }
}

function readText(bytes: Buffer): BodyReading {
  if (!isUtf8(bytes)) return { kind: 'refused', reason: 'not UTF-8' }
  return { kind: 'value', value: bytes.toString(), violations: none }
}

function readBinary(schema: BodySchema, bytes: Buffer): BodyReading {
  return { kind: 'value', value: schema.constrained ? bytes.toString('latin1') : undefined, violations: none }
}

function readXml(bytes: Buffer): BodyReading {
  const fault = findXmlFault(bytes)
  if (fault !== undefined) return { kind: 'refused', reason: fault }
  return { kind: 'value', value: bytes.toString(), violations: none }
}
