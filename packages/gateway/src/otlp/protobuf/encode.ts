import type { Field, FieldKind, Message } from './messages.ts'
import { WireWriter } from './wire-writer.ts'

/**
 * An object of OTLP's JSON as protobuf.
 *
 * @throws TypeError where it has a member that the message does not know
 */
export function encode(message: Message, value: object): Buffer {
  const writer = new WireWriter()
  writeMessage(writer, message, { ...value })
  return writer.finish()
}

// Everything from its end to its beginning, as the writer wants it.
function writeMessage(writer: WireWriter, message: Message, value: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(value)
  for (let index = names.length - 1; index >= 0; index--) {
    const name = names[index] as string
    const member = value[name]
    if (member === undefined) continue
    const field = message[name]
    if (field === undefined) throw new TypeError(`OTLP has no field ${name} there`)
    if (Array.isArray(member)) writeList(writer, field, member)
    else writeOne(writer, field, member)
  }
}

function writeList(writer: WireWriter, field: Field, items: readonly unknown[]): void {
  if (items.length === 0) return
  const before = writer.length
  for (let index = items.length - 1; index >= 0; index--)
    if (field.isPacked) writeBare(writer, field.kind, items[index])
    else writeOne(writer, field, items[index])
  if (field.isPacked) writer.closeSized(field.number, before)
}

function writeOne(writer: WireWriter, { number, kind }: Field, value: unknown): void {
  const before = writer.length
  writeBare(writer, kind, value)
  if (typeof kind === 'object' || kind === 'string' || kind === 'id') writer.closeSized(number, before)
  else writer.tag(number, wireTypes[kind])
}

function writeBare(writer: WireWriter, kind: FieldKind, value: unknown): void {
  switch (kind) {
    case 'string':
      writer.text(String(value))
      break
    case 'id':
      writer.hexadecimal(String(value))
      break
    case 'bool':
      writer.varint(value === true ? 1 : 0)
      break
    case 'enum':
      writer.varint(Number(value))
      break
    case 'int64':
      writer.int64(BigInt(String(value)))
      break
    case 'fixed32':
      writer.fixed32(Number(value))
      break
    case 'fixed64':
      writer.fixed64(BigInt(String(value)))
      break
    case 'double':
      writer.double(Number(value))
      break
    default:
      writeMessage(writer, kind, value as Readonly<Record<string, unknown>>)
  }
}

const wireTypes = { bool: 0, enum: 0, int64: 0, fixed32: 5, fixed64: 1, double: 1 } as const
