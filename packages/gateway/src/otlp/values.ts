import { quote } from '../observe/quote.ts'

/** A value of an attribute; what is `undefined` is left out. */
export type Attribute = string | number | boolean | undefined

/** Attributes as OTLP writes them in JSON: 64-bit integers are decimal strings (proto3's JSON mapping). */
export interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

/** Attributes by name as a list of OTLP. */
export function toAttributes(values: Readonly<Record<string, Attribute>>): readonly KeyValue[] {
  const list: KeyValue[] = []
  for (const [key, value] of Object.entries(values))
    if (value !== undefined) list.push({ key, value: toAnyValue(value) })
  return list
}

/** The same list as JSON text: what is written for every exchange is put together by hand, which takes a third of the time. */
export function writeAttributes(values: Readonly<Record<string, Attribute>>): string {
  let text = ''
  for (const key in values) {
    const value = values[key]
    if (value !== undefined)
      text += `${text === '' ? '' : ','}{"key":"${key}","value":${writeAnyValue(value)}}`
  }
  return `[${text}]`
}

/** Milliseconds since the Unix epoch, with a fraction, as nanoseconds in a decimal string. */
export function toNanoseconds(milliseconds: number): string {
  const nanoseconds = Math.round((milliseconds % 1) * 1e6)
  // Put together of digits: a number has no room for all of them.
  return nanoseconds === 1e6
    ? `${Math.trunc(milliseconds) + 1}000000`
    : `${Math.trunc(milliseconds)}${String(nanoseconds).padStart(6, '0')}`
}

function toAnyValue(value: Exclude<Attribute, undefined>): KeyValue['value'] {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

function writeAnyValue(value: Exclude<Attribute, undefined>): string {
  if (typeof value === 'string') return `{"stringValue":${quote(value)}}`
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  return Number.isSafeInteger(value) ? `{"intValue":"${value}"}` : `{"doubleValue":${value}}`
}
