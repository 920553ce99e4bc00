import type { JsonType } from '../schema/schema-compiler.ts'
import type { Reading } from './refusal.ts'
import { Refusal } from './refusal.ts'

const noInteger = new Refusal('type', 'is no integer')
const noNumber = new Refusal('type', 'is no number')
const noBoolean = new Refusal('type', 'is neither true nor false')
const noNull = new Refusal('type', 'is not empty')
const noScalar = new Refusal('type', 'is no value that one text can be')

/** More digits than any type holds; what is longer is no number but an attack on who reads it next. */
const maxDigits = 40
const integerPattern = /^(?:0|-?[1-9]\d*)$/
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/

const readText: Reading = (text) => text

const readInteger: Reading = (text) =>
  text.length <= maxDigits && integerPattern.test(text) ? Number(text) : noInteger

const readNumber: Reading = (text) => {
  const value = text.length <= maxDigits && numberPattern.test(text) ? Number(text) : Infinity
  return Number.isFinite(value) ? value : noNumber
}

const readBoolean: Reading = (text) => (text === 'true' ? true : text === 'false' ? false : noBoolean)

/** The styles write nothing for `null` (RFC 6570 section 2.3), so that only the empty text can be one. */
const readNull: Reading = (text) => (text === '' ? null : noNull)

/**
 * The ways to read a text as one of the scalar types, the strictest first; none for types without scalars.
 * Where the schema names no type at all, a text stays a text unless only another type will do.
 */
export function compileScalars(types: ReadonlySet<JsonType>): readonly Reading[] {
  const readings: Reading[] = []
  if (types.has('number')) readings.push(readNumber)
  else if (types.has('integer')) readings.push(readInteger)
  if (types.has('boolean')) readings.push(readBoolean)
  if (types.has('null')) readings.push(readNull)
  if (types.has('string')) {
    if (types.size === 7) readings.unshift(readText)
    else readings.push(readText)
  }
  return readings
}

/** One reading out of several: the first that does not refuse. */
export function firstOf(readings: readonly Reading[]): Reading {
  const [first, ...others] = readings
  if (first === undefined) return () => noScalar
  if (others.length === 0) return first
  return (text) => {
    const value = first(text)
    if (!(value instanceof Refusal)) return value
    for (const reading of others) {
      const other = reading(text)
      if (!(other instanceof Refusal)) return other
    }
    return value
  }
}
