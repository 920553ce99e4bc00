import type { ErrorObject } from 'ajv'
import type { Violation } from '../../contract.ts'
import type { Check, Engine } from './engine.ts'
import { toToken } from './pointer.ts'
import type { SchemaSource } from './schema-source.ts'

/** Violations told of one value; the rest would say the same again. */
const mostViolations = 10

/**
 * Checks values and says of each mistake where it is and which line of the contract says so. A parameter's `name`
 * stands before the pointer of what is inside of it. Of places that `isPrivate` no value is quoted.
 */
export function createViolationReader(
  source: SchemaSource,
  engine: Engine,
  check: Check,
  place: Violation['in'],
  name = '',
  isPrivate: (pointer: string) => boolean = () => false,
): (value: unknown) => readonly Violation[] {
  const none: readonly Violation[] = []

  function toViolation(error: ErrorObject): Violation {
    const origin = engine.originOf(error.parentSchema)
    const keyword = keywordOf(error, origin?.keyword)
    const contractPointer =
      origin === undefined
        ? undefined
        : origin.keyword === undefined
          ? linePointer(origin.pointer, error)
          : origin.pointer
    return {
      in: place,
      pointer: name + pointerOf(error),
      keyword,
      message: messageOf(keyword, error, isPrivate(error.instancePath) ? 'the value' : quote(error.data)),
      position: contractPointer === undefined ? undefined : source.document.positionOf(contractPointer),
    }
  }

  return (value) => {
    if (check.accepts(value)) return none
    const errors = telling(check.errors(value)).slice(0, mostViolations)
    return errors.map(toViolation)
  }
}

// Where no alternative fits, each has its own complaint; what helps is that none fits, and the complaint found deepest.
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const told: ErrorObject[] = []
  for (const error of errors) {
    if (error.keyword === 'if') continue
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      told.push(error)
      continue
    }
    const path = error.instancePath
    let from = told.length
    while (from > 0 && isInside(told[from - 1]?.instancePath ?? '', path)) from--
    const complaints = told.splice(from).filter((complaint) => complaint.instancePath.length > path.length)
    const deepest = complaints.reduce<ErrorObject | undefined>(
      (best, next) =>
        best === undefined || next.instancePath.length > best.instancePath.length ? next : best,
      undefined,
    )
    told.push(error, ...(deepest === undefined ? [] : [deepest]))
  }
  // A refusal that came only from `if` has no other words.
  return told.length > 0 ? told : errors
}

function isInside(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`)
}

function linePointer(pointer: string, error: ErrorObject): string {
  if (error.keyword === 'exactMultipleOf') return `${pointer}/multipleOf`
  return `${pointer}/${toToken(error.keyword)}`
}

function pointerOf(error: ErrorObject): string {
  const member = memberOf(error)
  return member === undefined ? error.instancePath : `${error.instancePath}/${toToken(member)}`
}

// The member that is missing or should not be there, or whose name is wrong.
function memberOf({ keyword, params, propertyName }: ErrorObject): string | undefined {
  const named: unknown =
    keyword === 'additionalProperties'
      ? params['additionalProperty']
      : keyword === 'unevaluatedProperties'
        ? params['unevaluatedProperty']
        : keyword === 'required' || keyword === 'dependentRequired'
          ? params['missingProperty']
          : propertyName
  return typeof named === 'string' ? named : undefined
}

function keywordOf({ keyword }: ErrorObject, renamed: string | undefined): string {
  if (renamed !== undefined) return renamed
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return 'unknown'
  if (keyword === 'required') return 'missing'
  return keyword === 'exactMultipleOf' ? 'multipleOf' : keyword
}

function messageOf(keyword: string, error: ErrorObject, value: string): string {
  const limit = String(error.schema)
  switch (keyword) {
    case 'unknown':
      return 'is not declared'
    case 'missing':
      return 'is required'
    case 'readOnly':
      return 'is read-only and must not be sent'
    case 'false':
      return 'must not be there'
    case 'discriminator':
      return error.keyword === 'enum'
        ? `${value} names none of the declared schemas`
        : 'must name a declared schema'
    case 'type':
      return `must be ${Array.isArray(error.schema) ? error.schema.join(' or ') : limit}`
    case 'enum':
    case 'const':
      return `${value} is not one of the declared values`
    case 'pattern':
      return `${value} does not match ${limit}`
    case 'format':
      return `${value} is no ${limit}`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'exclusiveMinimum':
      return `must be more than ${limit}`
    case 'exclusiveMaximum':
      return `must be less than ${limit}`
    case 'multipleOf':
      return `must be a multiple of ${limit}`
    case 'minLength':
      return `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
      return `must have at least ${limit} items`
    case 'maxItems':
      return `must have at most ${limit} items`
    case 'minProperties':
      return `must have at least ${limit} members`
    case 'maxProperties':
      return `must have at most ${limit} members`
    case 'uniqueItems':
      return 'must not have the same item twice'
    case 'oneOf':
      return 'must match exactly one of the alternatives'
    case 'anyOf':
      return 'must match one of the alternatives'
    case 'not':
      return 'must not match the excluded schema'
    default:
      return `does not keep ${keyword}`
  }
}

// Long and secret values stay out of messages: at most 40 characters of a text, and no object at all.
function quote(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`
  return typeof value === 'object' && value !== null ? 'the value' : String(value)
}
