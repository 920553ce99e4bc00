import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { Report } from '../../2-check/report.ts'
import type { ClassifiedParameter, ParameterReader } from '../../contract.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import { readPathTemplate } from '../../pointer/path-template.ts'
import { resolve } from '../../pointer/resolve.ts'
import { compileForm } from '../bodies/form-reader.ts'
import type { SchemaCompiler } from '../schema/schema-compiler.ts'
import type { ParameterDeclaration, ParameterPlace } from './declaration.ts'
import { compileParameter, mediaTypeOf, schemaPointer } from './declaration.ts'
import type { NamedValue } from './named-value.ts'
import { nothing, readSingle } from './named-value.ts'
import { decodeForm } from './decode.ts'
import type { WholeQuery } from './parameter-reader.ts'
import { createParameterReader } from './parameter-reader.ts'
import { Refusal } from './refusal.ts'

/** What the parameters of an operation are compiled from. */
interface ParameterSource {
  readonly document: LoadedDocument
  readonly schemas: SchemaCompiler
  readonly report: Report
  /** Compiled parameters by their pointer: components are shared by many operations. */
  readonly compiled: Map<string, NamedValue>
}

/** Where an operation stands: the pointers of its path and of itself, references followed. */
interface OperationPlace {
  readonly template: string
  readonly item: string
  readonly operation: string
}

const ignoredHeaders = /^(?:accept|content-type|authorization)$/i

/** Compiles the parameters of one operation: its own, and those of its path that it does not override. */
export function compileParameters(place: OperationPlace, source: ParameterSource): ParameterReader {
  const declarations = declarationsOf(place, source)
  const inPlace = (wanted: ParameterPlace) =>
    declarations
      .filter((declaration) => declaration.place === wanted)
      .map((declaration) => compileOnce(declaration, source))
  const path = pathVariables(place, inPlace('path'), source)
  const whole = declarations.find((declaration) => declaration.place === 'querystring')
  return createParameterReader({
    path,
    query: inPlace('query'),
    wholeQuery: whole === undefined ? undefined : compileWholeQuery(whole, source),
    header: inPlace('header').filter(({ name }) => !ignoredHeaders.test(name)),
    cookie: inPlace('cookie'),
    declared: declarations.flatMap(({ name, place, object }) =>
      place === 'querystring' ? [] : [{ in: place, name, place: schemaPointer(object) }],
    ),
    classified: declarations.flatMap((declaration) => classify(declaration, place.template, source)),
  })
}

function classify(
  { name, place, object }: ParameterDeclaration,
  template: string,
  { document, schemas }: ParameterSource,
): readonly ClassifiedParameter[] {
  const pointer = schemaPointer(object)
  const declared = schemas.dataClassOf(pointer)
  if (declared === undefined || place === 'querystring') return []
  const types = [...schemas.typesOf(pointer)]
  return [
    {
      in: place,
      name,
      field: { class: declared.name, name: declared.field ?? name, index: declared.index },
      segmentFromEnd: place === 'path' ? segmentFromEnd(template, name) : 0,
      several: place === 'query' ? declared.several : undefined,
      isText: types.every((type) => type === 'string'),
      position: document.positionOf(object.pointer),
    },
  ]
}

function segmentFromEnd(template: string, variable: string): number {
  const segments = template.split('/')
  const at = segments.indexOf(`{${variable}}`)
  return at === -1 ? 0 : segments.length - at
}

function declarationsOf(place: OperationPlace, source: ParameterSource): readonly ParameterDeclaration[] {
  const merged = new Map<string, ParameterDeclaration>()
  for (const pointer of [place.item, place.operation]) {
    for (const [key, declaration] of declaredAt(pointer, source)) merged.set(key, declaration)
  }
  return [...merged.values()]
}

function declaredAt(pointer: string, { document, report }: ParameterSource) {
  const declared = new Map<string, ParameterDeclaration>()
  const list = resolve(document.root, pointer)?.value['parameters']
  for (const index of Array.isArray(list) ? list.keys() : []) {
    const place = childPointer(childPointer(pointer, 'parameters'), index)
    const object = resolve(document.root, place)
    if (object === undefined) continue
    const name = String(object.value['name'])
    const where = object.value['in'] as ParameterPlace
    const key = `${where} ${where === 'header' ? name.toLowerCase() : where === 'querystring' ? '' : name}`
    if (declared.has(key)) {
      report.error(place, {
        code: 'duplicate-parameter',
        message: `the ${where} parameter "${name}" is declared twice in one list`,
        fix: 'remove one of them',
      })
    }
    declared.set(key, { name, place: where, object })
  }
  return declared
}

function compileOnce(declaration: ParameterDeclaration, source: ParameterSource): NamedValue {
  const { pointer } = declaration.object
  const known = source.compiled.get(pointer)
  if (known !== undefined) return known
  const compiled = compileParameter(declaration, source.document, source.schemas, source.report)
  source.compiled.set(pointer, compiled)
  return compiled
}

/** The parameters in the order of the template's variables; every variable needs one, and every one a variable. */
function pathVariables(
  { template, operation }: OperationPlace,
  declared: readonly NamedValue[],
  { report }: ParameterSource,
): readonly NamedValue[] {
  const { variables } = readPathTemplate(template)
  for (const { name } of declared) {
    if (variables.includes(name)) continue
    report.error(operation, {
      code: 'unused-path-parameter',
      message: `the path parameter "${name}" does not stand in "${template}"`,
      fix: `write {${name}} in the path, or remove the parameter`,
    })
  }
  return variables.flatMap((variable) => {
    const named = declared.find(({ name }) => name === variable)
    if (named !== undefined) return [named]
    report.error(operation, {
      code: 'missing-path-parameter',
      message: `"${template}" has the variable {${variable}}, and no path parameter of this name is declared`,
      fix: `declare it: { name: ${variable}, in: path, required: true, schema: { type: string } }`,
    })
    return []
  })
}

function compileWholeQuery(declaration: ParameterDeclaration, source: ParameterSource): WholeQuery {
  const { document } = source
  const named = compileOnce(declaration, source)
  const media = mediaTypeOf(declaration.object, document.root)
  if (media === undefined || !/^application\/x-www-form-urlencoded\b/i.test(media.type)) {
    return (query, target, violations) => {
      if (query === '') {
        if (named.required) violations.add(named.address, 'missing', 'a query is required')
        return
      }
      const value = readSingle(named, query, violations)
      if (value !== nothing) target[named.name] = value
    }
  }
  const readForm = compileForm(media.schema, media.object, source)
  return (query, target, violations) => {
    const fields = formFields(query)
    if (fields instanceof Refusal) return violations.refuse(named.address, fields, query)
    const { value, violations: found } = readForm(fields)
    violations.addAll(found.map((violation) => ({ ...violation, in: 'query' as const })))
    if (found.length > 0) return
    violations.addAll(named.check?.(value) ?? [])
    target[named.name] = value
  }
}

const tooManyPairs = new Refusal('maxProperties', 'has more than 1000 pairs')

function formFields(query: string): readonly (readonly [string, string])[] | Refusal {
  const fields: (readonly [string, string])[] = []
  const pairs = query.split('&', 1001)
  if (pairs.length > 1000) return tooManyPairs
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeForm(equals === -1 ? pair : pair.slice(0, equals))
    const value = decodeForm(equals === -1 ? '' : pair.slice(equals + 1))
    if (name instanceof Refusal) return name
    if (value instanceof Refusal) return value
    fields.push([name, value])
  }
  return fields
}
