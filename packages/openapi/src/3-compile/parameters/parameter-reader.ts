import type {
  ClassifiedParameter,
  DeclaredParameter,
  ParameterReader,
  ParameterReadout,
  RawParameters,
} from '../../contract.ts'
import { CookieReader } from './cookie-reader.ts'
import type { NamedValue } from './named-value.ts'
import { nothing, readSingle } from './named-value.ts'
import type { QueryOptions } from './query-reader.ts'
import { QueryReader } from './query-reader.ts'
import { Violations } from './violations.ts'

/** Reads the query where one declaration describes it as a whole. */
export type WholeQuery = (query: string, target: Record<string, unknown>, violations: Violations) => void

/** The compiled parameters of one operation by place. */
interface ParameterSet {
  /** One for each variable of the template, in its order. */
  readonly path: readonly NamedValue[]
  readonly query: readonly NamedValue[]
  readonly wholeQuery: WholeQuery | undefined
  readonly header: readonly NamedValue[]
  readonly cookie: readonly NamedValue[]
  readonly classified: readonly ClassifiedParameter[]
  readonly declared: readonly DeclaredParameter[]
}

type Values = Readonly<Record<string, unknown>>

const none: Values = Object.freeze(Object.create(null) as Record<string, unknown>)

/** Assembles the reader of one operation; per request it looks nothing up but names. */
export function createParameterReader(set: ParameterSet): ParameterReader {
  const { path, query, wholeQuery, header, cookie } = set
  const queryReader = new QueryReader(query)
  const cookieReader = cookie.length === 0 ? undefined : new CookieReader(cookie)
  const headers = header.map((named) => ({ named, field: named.name.toLowerCase() }))
  const hasQuery = query.length > 0 || wholeQuery !== undefined
  const empty = path.length + header.length + cookie.length === 0 && !hasQuery

  return {
    empty,
    classified: set.classified,
    declared: set.declared,
    read(raw, options) {
      const violations = new Violations()
      const readout: ParameterReadout = {
        path: path.length === 0 ? none : readPath(path, raw.path, violations),
        query: !hasQuery && raw.query === '' ? none : readQuery(raw.query, options, violations),
        header: headers.length === 0 ? none : readHeaders(headers, raw, violations),
        cookie: cookieReader === undefined ? none : readCookies(cookieReader, raw, violations),
        violations: violations.list,
      }
      return readout
    },
  }

  function readQuery(text: string, options: QueryOptions, violations: Violations): Values {
    const target = fresh()
    if (wholeQuery === undefined) queryReader.read(text, options, target, violations)
    else wholeQuery(text, target, violations)
    return target
  }
}

function readPath(
  variables: readonly NamedValue[],
  segments: readonly string[],
  violations: Violations,
): Values {
  const target = fresh()
  for (let at = 0; at < variables.length; at++) {
    const named = variables[at]
    const raw = segments[at]
    if (named === undefined) continue
    if (raw === undefined) {
      violations.add(named.address, 'missing', `"${named.name}" is required`)
      continue
    }
    const value = readSingle(named, raw, violations)
    if (value === nothing) continue
    // A template may name a variable twice; a request that gives it two values has no one meaning.
    if (named.name in target && segments[variables.indexOf(named)] !== raw) {
      violations.add(named.address, 'duplicate', `"${named.name}" has two values in one path`)
    }
    target[named.name] = value
  }
  return target
}

function readHeaders(
  headers: readonly { readonly named: NamedValue; readonly field: string }[],
  raw: RawParameters,
  violations: Violations,
): Values {
  const target = fresh()
  for (const { named, field } of headers) {
    const text = raw.header(field)
    if (text === undefined) {
      if (named.required) violations.add(named.address, 'missing', `"${named.name}" is required`)
      continue
    }
    const value = readSingle(named, text, violations)
    if (value !== nothing) target[named.name] = value
  }
  return target
}

function readCookies(reader: CookieReader, raw: RawParameters, violations: Violations): Values {
  const target = fresh()
  reader.read(raw.header('cookie'), target, violations)
  return target
}

/** Without a prototype, so that asking for `constructor` finds what the request said, or nothing. */
function fresh(): Record<string, unknown> {
  return { __proto__: null }
}
