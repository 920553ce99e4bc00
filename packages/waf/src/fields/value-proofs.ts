import { bytesOfText } from '../language/bytes.ts'
import type { ValueKind } from './field-policy.ts'

/** Tests whether a value, as bytes, is of a kind; written so that nothing else passes and no value takes long. */
export type ValueTest = (value: string) => boolean

type SimpleKind = Exclude<ValueKind['kind'], 'enum' | 'pattern'>

// Each is anchored at both ends, with every repeat bounded.
const simple: Readonly<Record<SimpleKind, RegExp>> = {
  integer: /^[+-]?[0-9]{1,40}$/,
  number: /^[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,4})?$/,
  boolean: /^(?:true|false)$/,
  uuid: /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
  date: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  'date-time':
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,12})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$/,
}

/** The test of a kind whose values are harmless whatever the rules are. */
export function valueTest(values: Exclude<ValueKind, { kind: 'pattern' }>): ValueTest {
  if (values.kind !== 'enum') {
    const pattern = simple[values.kind]
    // `$` also matches before a line feed at the end in other engines, never in JavaScript's.
    return (value) => pattern.test(value)
  }
  const allowed = new Set<string>(values.values.map(bytesOfText))
  return (value) => allowed.has(value)
}

/** A kind in words. */
export function describeKind(values: ValueKind): string {
  if (values.kind === 'enum') return `one of ${values.values.length} values`
  return values.kind === 'pattern' ? `pattern ${values.source}` : values.kind
}
