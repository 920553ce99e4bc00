import type { Diagnostic } from '@gateward/kernel'
import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { BodyFormat, BodySchema, Violation } from '../../contract.ts'
import { createSchemaChecker } from './check-schema.ts'
import { createClassifier } from './classify/classifier.ts'
import { compileClassTree } from './classify/class-tree.ts'
import type { DataClass } from './classify/data-class.ts'
import { createCompositionReader } from './composition.ts'
import type { CompositionReader } from './composition.ts'
import { openApi30, openApi31 } from './dialect.ts'
import type { Dialect } from './dialect.ts'
import { createEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { asRoot } from './lower/lower-schema.ts'
import { createFormReader } from './project/form-reader.ts'
import type { FormReader } from './project/form-reader.ts'
import { createShapeResolver } from './project/merge-shapes.ts'
import type { ShapeResolver } from './project/merge-shapes.ts'
import { createProjector } from './project/projector.ts'
import { createSanitizer } from './sanitize/sanitizer.ts'
import { reachesSanitize } from './sanitize/reaches-sanitize.ts'
import { createSchemaSource } from './schema-source.ts'
import type { SchemaSource } from './schema-source.ts'
import { tokensOf } from './pointer.ts'
import { createTypeReader } from './type-reader.ts'
import { createViolationReader } from './violations.ts'

/** The six types of JSON Schema, `integer` apart from `number` (JSON Schema 2020-12 validation, section 6.1.1). */
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

/** Which way a value travels: `readOnly` matters on a request's way, `writeOnly` on a response's. */
export type Direction = 'request' | 'response'

/** What a media type's declaration says beside its schema. */
interface BodyOptions {
  readonly mediaType: string
  readonly format: BodyFormat
  readonly direction: Direction
}

/**
 * Compiles the schemas of one document. Every schema is named by its JSON Pointer into `document.root`, the
 * empty pointer meaning that there is none; what two places share by `$ref` is compiled once. The mistakes
 * found stand in `diagnostics` as soon as the schema concerned has been asked for.
 */
export interface SchemaCompiler {
  /** The schema of one media type: closed for requests, open for responses (where `project` does the closing). */
  compileBody(pointer: string, options: BodyOptions): Omit<BodySchema, 'readForm' | 'items'>
  /** The check of one decoded parameter; its violations carry `place`, and `name` as their pointer. */
  compileValue(
    pointer: string,
    place: Violation['in'],
    name: string,
  ): (value: unknown) => readonly Violation[]
  /** The class that a parameter's schema declares for it. */
  dataClassOf(pointer: string): DataClass | undefined
  /** Every type the schema may let through, seen through references and combinators; all seven where it says nothing. */
  typesOf(pointer: string): ReadonlySet<JsonType>
  /** The pointer of the schema of an array's items, or `undefined` where none is declared. */
  itemPointer(pointer: string): string | undefined
  /** The pointers of the declared properties' schemas by name, through references and combinators; the first declaration wins. */
  propertyPointers(pointer: string): ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
}

/** How schemas are compiled; for callers that know better than the defaults. */
export interface SchemaCompilerOptions {
  /** The dialect to read the schemas in; by default the one of the document's version. */
  readonly dialect?: Dialect
  /** Directions in which undeclared properties are violations; by default `request` alone. */
  readonly closed?: readonly Direction[]
}

/**
 * Schemas whose code is generated at load. A larger contract gets the rest at their first value, about 1 ms each:
 * the checker has found every mistake by then, so that generating cannot fail, and most of thousands of schemas
 * are never asked for.
 */
const mostPrepared = 250

/** Makes the compiler of a document's schemas. */
export function createSchemaCompiler(
  document: LoadedDocument,
  options: SchemaCompilerOptions = {},
): SchemaCompiler {
  const dialect = options.dialect ?? (document.dialect === '3.0' ? openApi30 : openApi31)
  const closed = options.closed ?? ['request']
  const source = createSchemaSource(document, dialect)
  const compositions = createCompositionReader(source, dialect)
  const checker = createSchemaChecker(source, dialect, compositions)
  const types = createTypeReader(source, dialect, compositions)
  const sides = {
    request: createSide(source, dialect, compositions, 'request'),
    response: createSide(source, dialect, compositions, 'response'),
  }

  function compileBody(pointer: string, { mediaType, format, direction }: BodyOptions) {
    if (pointer === '') return { mediaType, format, ...unconstrained }
    const place = source.place(pointer)
    checker.check(place)
    const { engine, forms, resolve } = sides[direction]
    const check = engine.check(place, asRoot(closed.includes(direction)))
    if (engine.size() <= mostPrepared) check.prepare()
    const form = forms.formOf(place)
    const classified = source.classifies ? createClassifier(compileClassTree(form, forms.unite)) : undefined
    const sanitizes = source.sanitizes && reachesSanitize(source, dialect, place)
    return {
      mediaType,
      format,
      constrained: true,
      validate: createViolationReader(
        source,
        engine,
        check,
        'body',
        '',
        (place) => classified?.isClassified(place) ?? false,
      ),
      project: createProjector(form, resolve),
      sanitize: sanitizes ? createSanitizer(form, resolve) : unconstrained.sanitize,
      sanitizes,
      classified,
      placeOf: (part: string) => placeOf(pointer, part),
    }
  }

  function compileValue(pointer: string, place: Violation['in'], name: string) {
    if (pointer === '') return unconstrained.validate
    const schema = source.place(pointer)
    checker.check(schema)
    const { engine } = sides.request
    const check = engine.check(schema, asRoot(closed.includes('request')))
    if (engine.size() <= mostPrepared) check.prepare()
    return createViolationReader(
      source,
      engine,
      check,
      place,
      name,
      dataClassOf(pointer) === undefined ? undefined : () => true,
    )
  }

  function placeOf(body: string, part: string): string | undefined {
    let place: string | undefined = body
    for (const token of tokensOf(part)) {
      if (place === undefined) return undefined
      place =
        types.propertyPointers(place).get(token) ??
        (/^\d+$/.test(token) ? types.itemPointer(place) : undefined)
    }
    return place
  }

  function dataClassOf(pointer: string): DataClass | undefined {
    if (!source.classifies || pointer === '') return undefined
    return sides.request.forms.formOf(source.place(pointer)).dataClass
  }

  return { compileBody, compileValue, dataClassOf, ...types, diagnostics: checker.diagnostics }
}

/** All that is compiled for one direction. */
interface Side {
  readonly engine: Engine
  readonly forms: FormReader
  readonly resolve: ShapeResolver
}

function createSide(
  source: SchemaSource,
  dialect: Dialect,
  compositions: CompositionReader,
  direction: Direction,
): Side {
  const engine = createEngine({ source, dialect, direction, compositions })
  const forms = createFormReader({ source, dialect, direction, compositions, engine })
  return { engine, forms, resolve: createShapeResolver(forms.unite) }
}

/** What a declaration without a schema does: it takes any value and changes none. */
const unconstrained = {
  constrained: false,
  validate: (): readonly Violation[] => [],
  project: (value: unknown) => ({ value, removed: [] }),
  sanitize: () => [],
  sanitizes: false,
  classified: undefined,
  placeOf: () => undefined,
}
