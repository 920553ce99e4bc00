import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { Dialect } from './dialect.ts'
import { isObject } from './is-object.ts'
import { toToken, valueAt } from './pointer.ts'
import { indexResources } from './resource-index.ts'
import type { Resource } from './resource-index.ts'

/**
 * A schema as it is reached: its place in the document, and the schema resources that were entered on the way,
 * outermost first, which `$dynamicRef` asks for (JSON Schema 2020-12 core, section 7.1). Places are interned:
 * the same place is the same object.
 */
export interface Place {
  readonly id: number
  readonly pointer: string
  /** What counts of the schema: draft 4, and so OpenAPI 3.0, ignores what stands beside `$ref`, extensions apart. */
  readonly schema: unknown
  readonly scope: readonly Resource[]
}

/** The schemas of one document: finds them, and follows the references between them. */
export interface SchemaSource {
  readonly document: LoadedDocument
  /** Whether any schema declares `sanitize`; where none does, nobody need look for it. */
  readonly sanitizes: boolean
  /** The same for `x-data-class`. */
  readonly classifies: boolean
  /** Whether any schema says `unevaluatedProperties` or `unevaluatedItems`, so that it matters which parts applied. */
  readonly hasUnevaluated: boolean
  place(pointer: string): Place
  /** The subschema under a keyword, and under a name or an index where the keyword holds several. */
  child(parent: Place, ...names: readonly (string | number)[]): Place
  /** What `$ref` or `$dynamicRef` names, or `undefined` where that is no schema. */
  follow(from: Place, keyword: '$ref' | '$dynamicRef'): Place | undefined
  /** What a URI reference, such as a discriminator's mapping, names when it is read at a place. */
  resolve(from: Place, reference: string): Place | undefined
}

/** Opens the schemas of a document. */
export function createSchemaSource(document: LoadedDocument, dialect: Dialect): SchemaSource {
  const index = indexResources(document.root, dialect.identifier)
  const places = new Map<string, Place>()

  function enter(pointer: string, outer: readonly Resource[]): Place {
    const scope = index.hasDynamicReferences ? extend(outer, index.resourceOf(pointer)) : outer
    const key = scope.length === 0 ? pointer : `${pointer} ${scope.map(({ uri }) => uri).join(' ')}`
    const known = places.get(key)
    if (known !== undefined) return known
    const written = valueAt(document.root, pointer)
    const schema = dialect.isDraft4 ? withoutSiblings(written) : written
    const place = { id: places.size, pointer, schema, scope }
    places.set(key, place)
    return place
  }

  function locate(from: Place, reference: string): string | undefined {
    const pointer = index.resolve(from.pointer, reference)
    if (pointer === undefined) return undefined
    const schema = valueAt(document.root, pointer)
    return isObject(schema) || typeof schema === 'boolean' ? pointer : undefined
  }

  return {
    document,
    sanitizes: index.sanitizes,
    classifies: index.classifies,
    hasUnevaluated: index.hasUnevaluated,
    place: (pointer) => enter(pointer, []),
    child: (parent, ...names) =>
      enter(
        names.reduce<string>((pointer, name) => `${pointer}/${toToken(name)}`, parent.pointer),
        parent.scope,
      ),
    resolve(from, reference) {
      const pointer = locate(from, reference)
      return pointer === undefined ? undefined : enter(pointer, from.scope)
    },
    follow(from, keyword) {
      const reference = isObject(from.schema) ? from.schema[keyword] : undefined
      if (typeof reference !== 'string') return undefined
      const pointer = locate(from, reference)
      if (pointer === undefined) return undefined
      const dynamic = keyword === '$dynamicRef' ? outermostAnchor(pointer, reference, from.scope) : undefined
      return enter(dynamic ?? pointer, from.scope)
    },
  }

  // A reference is dynamic only where its first target is a `$dynamicAnchor` of that very name.
  function outermostAnchor(
    pointer: string,
    reference: string,
    scope: readonly Resource[],
  ): string | undefined {
    const name = reference.slice(reference.indexOf('#') + 1)
    if (index.resourceOf(pointer).dynamicAnchors.get(name) !== pointer) return undefined
    return scope.find((resource) => resource.dynamicAnchors.has(name))?.dynamicAnchors.get(name)
  }
}

function withoutSiblings(schema: unknown): unknown {
  if (!isObject(schema) || typeof schema['$ref'] !== 'string') return schema
  const { $ref, 'x-gateward': extension } = schema
  return extension === undefined ? { $ref } : { $ref, 'x-gateward': extension }
}

function extend(scope: readonly Resource[], resource: Resource): readonly Resource[] {
  return scope.includes(resource) ? scope : [...scope, resource]
}
