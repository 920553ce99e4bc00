import { Fault } from '@gateward/kernel'
import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { compilePattern } from '../../patterns/compile-pattern.ts'
import { addKnownFormats } from './formats.ts'
import { isMultipleOf } from './is-multiple-of.ts'
import { lowerSchema } from './lower/lower-schema.ts'
import type { LoweringContext } from './lower/lower-schema.ts'
import type { Lowered, LoweredObject, Origin, Use } from './lower/lowered-schema.ts'
import { useKey } from './lower/lowered-schema.ts'
import type { Place } from './schema-source.ts'

/** Whether a value keeps a schema, and if not, why. */
export interface Check {
  /** Fast and silent; stops at the first mistake. */
  accepts(value: unknown): boolean
  /** The mistakes of a value that was not accepted. */
  errors(value: unknown): readonly ErrorObject[]
  /** Generates the code now instead of at the first value. */
  prepare(): void
}

/** Compiles the schemas of one document for one direction; each use of a schema once. */
export interface Engine {
  check(place: Place, use: Use): Check
  /** How many uses of schemas there are so far. */
  readonly size: () => number
  /** Where the part of a schema that an error names came from. */
  originOf(part: unknown): Origin | undefined
}

/** A value of more parts than this is only told its first mistake: the list of all would cost what the value's sender likes. */
const mostPartsExplained = 2000

/** Makes the engine over what lowering needs to know. */
export function createEngine(
  context: Pick<LoweringContext, 'source' | 'dialect' | 'direction' | 'compositions'>,
): Engine {
  const origins = new WeakMap<object, Origin>()
  const lowered: (readonly [number: string, schema: Lowered])[] = []
  const pending: (() => void)[] = []
  const numbers = new Map<string, string>()
  const checks = new Map<string, Check>()
  const tests: ((value: unknown) => boolean)[] = []
  const brief = createLibrary(tests, false)
  let thorough: Library | undefined

  const lowering: LoweringContext = {
    ...context,
    refer: (place, use) => ({ $ref: numberOf(place, use) }),
    assert: (test) => tests.push(test) - 1,
    checkOf: (place, use) => {
      let made: Check | undefined
      return (value) => (made ??= check(place, use)).accepts(value)
    },
    mark: (part, origin) => {
      origins.set(part, origin)
      return part
    },
  }

  function numberOf(place: Place, use: Use): string {
    const key = useKey(place, use)
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = `s${numbers.size}`
    numbers.set(key, number)
    pending.push(() => {
      lowered.push([number, lowerSchema(lowering, place, use)])
    })
    return number
  }

  // Lowering a schema names others, which wait until it is done: recursion stays as deep as one schema.
  function lowerAll(place: Place, use: Use): string {
    const number = numberOf(place, use)
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) next()
    return number
  }

  function compile(library: Library, number: string): Validator {
    for (const [other, schema] of lowered.slice(library.filed))
      library.ajv.addSchema(toSchemaObject(schema), other)
    library.filed = lowered.length
    const validator = library.ajv.getSchema(number)
    if (validator !== undefined) return validator
    throw new Fault('SCHEMA_ENGINE', `schema ${number} could not be compiled`, { source: 'gateway' })
  }

  function check(place: Place, use: Use): Check {
    const number = lowerAll(place, use)
    const known = checks.get(number)
    if (known !== undefined) return known
    let validate: Validator | undefined
    const made: Check = {
      prepare() {
        validate ??= compile(brief, number)
      },
      accepts(value) {
        validate ??= compile(brief, number)
        return validate(value) === true
      },
      errors(value) {
        if (partsOf(value, mostPartsExplained) < mostPartsExplained) {
          thorough ??= createLibrary(tests, true)
          return errorsOf(compile(thorough, number), value)
        }
        return errorsOf((validate ??= compile(brief, number)), value)
      },
    }
    checks.set(number, made)
    return made
  }

  return {
    check,
    size: () => lowered.length,
    originOf: (part) => (typeof part === 'object' && part !== null ? origins.get(part) : undefined),
  }
}

type Validator = NonNullable<ReturnType<Ajv2020['getSchema']>>

/** A validator and how many of the lowered schemas it has been given. */
interface Library {
  readonly ajv: Ajv2020
  filed: number
}

function toSchemaObject(schema: Lowered): LoweredObject {
  return typeof schema === 'boolean' ? {} : schema
}

function errorsOf(validate: Validator, value: unknown): readonly ErrorObject[] {
  return validate(value) === true ? [] : (validate.errors ?? [])
}

function createLibrary(tests: readonly ((value: unknown) => boolean)[], allErrors: boolean): Library {
  const ajv = new Ajv2020({
    allErrors,
    // The checker has judged the schemas by their own dialect, and lowering wrote them anew.
    strict: false,
    validateSchema: false,
    meta: false,
    addUsedSchema: false,
    logger: false,
    messages: false,
    // An error then carries the part of the schema that made it.
    verbose: true,
    // `toString` and its kin are not members of a value that has not said so.
    ownProperties: true,
    code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
  })
  ajv.removeKeyword('discriminator')
  ajv.addKeyword({
    keyword: 'passes',
    errors: false,
    validate: (number: number, value: unknown) => tests[number]?.(value) === true,
  })
  ajv.addKeyword({ keyword: 'refused', validate: () => false, errors: false })
  ajv.addKeyword({
    keyword: 'exactMultipleOf',
    type: 'number',
    errors: false,
    validate: (divisor: number, value: number) => isMultipleOf(value, divisor),
  })
  addKnownFormats(ajv)
  return { ajv, filed: 0 }
}

function linearPattern(source: string): { test: (text: string) => boolean; toString: () => string } {
  const { test } = compilePattern(source)
  return { test, toString: () => source }
}

/** The number of values inside a value, itself included, counted up to a limit. */
function partsOf(value: unknown, limit: number): number {
  const open: unknown[] = [value]
  let count = 0
  for (; open.length > 0 && count < limit; count++) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null) continue
    const members: unknown[] = Array.isArray(next) ? next : Object.values(next)
    if (members.length > limit) return limit
    open.push(...members)
  }
  return count
}
