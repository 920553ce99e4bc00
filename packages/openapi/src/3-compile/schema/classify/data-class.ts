import { isObject } from '../is-object.ts'
import type { Place } from '../schema-source.ts'

/** What `x-data-class` says of a value: what kind of personal or secret data it is. */
export interface DataClass {
  /** The name in the catalogue of classes, such as `pii.email`. */
  readonly name: string
  /** What the value is called wherever it appears; `undefined`: the name of its property or parameter. */
  readonly field: string | undefined
  /** The property beside it that holds its blind index, or, on a parameter, the field whose index is asked for. */
  readonly index: string | undefined
  /** How a query parameter carries more than one value to search for; `undefined`: it cannot. */
  readonly several: 'repeat' | 'comma' | undefined
}

/** The class that the first of several schemas declares for one value. */
export function readDataClass(places: readonly Place[]): DataClass | undefined {
  for (const { schema } of places) {
    const declared = isObject(schema) ? schema[keyword] : undefined
    if (typeof declared === 'string')
      return { name: declared, field: undefined, index: undefined, several: undefined }
    if (isObject(declared) && typeof declared['class'] === 'string')
      return {
        name: declared['class'],
        field: textOf(declared['field']),
        index: textOf(declared['index']),
        several:
          declared['several'] === 'repeat' || declared['several'] === 'comma'
            ? declared['several']
            : undefined,
      }
  }
  return undefined
}

/** What is wrong with the value of an `x-data-class`; whether a class exists is for whoever has the catalogue to say. */
export function dataClassFault(
  declared: unknown,
): { readonly message: string; readonly fix: string } | undefined {
  if (typeof declared === 'string')
    return className.test(declared) ? undefined : { message: 'x-data-class must name a class', fix }
  if (!isObject(declared) || typeof declared['class'] !== 'string' || !className.test(declared['class']))
    return { message: 'x-data-class must be the name of a class, or an object with class', fix }
  for (const [name, value] of Object.entries(declared)) {
    if (!members.has(name)) return { message: `x-data-class has no member ${name}`, fix }
    if (typeof value !== 'string' || value === '')
      return { message: `${name} of x-data-class must be a name`, fix }
    if (name === 'several' && value !== 'repeat' && value !== 'comma')
      return { message: 'several of x-data-class must be repeat or comma', fix: fixSeveral }
  }
  return undefined
}

/** The keyword by which a schema declares a class. */
export const keyword = 'x-data-class'

const className = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/
const members: ReadonlySet<string> = new Set(['class', 'field', 'index', 'several'])
const fix = 'write x-data-class: pii.email, or { class: pii.email, field: email, index: emailIndex }'
const fixSeveral =
  'write several: repeat where the service takes ?email=a&email=b, several: comma for ?email=a,b'

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
