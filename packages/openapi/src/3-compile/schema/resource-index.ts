import { keyword as dataClassKeyword } from './classify/data-class.ts'
import { isObject } from './is-object.ts'
import { toToken, valueAt } from './pointer.ts'

/** A schema that names itself by `$id`, or the document: what fragments are relative to (2020-12 core, section 4.3.5). */
export interface Resource {
  readonly pointer: string
  readonly uri: string
  readonly anchors: Map<string, string>
  readonly dynamicAnchors: Map<string, string>
}

/** Every schema resource of a document and the anchors in it. */
export interface ResourceIndex {
  readonly hasDynamicReferences: boolean
  readonly sanitizes: boolean
  readonly classifies: boolean
  readonly hasUnevaluated: boolean
  resourceOf(pointer: string): Resource
  /** The JSON Pointer that a URI reference read at `pointer` names, or `undefined` where it names nothing. */
  resolve(pointer: string, reference: string): string | undefined
}

/** What stands under these is data, never a schema, whatever it looks like. */
const dataKeywords: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples'])

/** The members of these are named by the author, so that a property called `default` is a schema after all. */
const mapKeywords: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
  'schemas',
  'responses',
  'parameters',
  'headers',
  'content',
  'paths',
])

const documentUri = 'document:/'

/** Walks a document once for `$id`, `$anchor`, `$dynamicAnchor` and `$dynamicRef`. */
export function indexResources(
  root: Readonly<Record<string, unknown>>,
  identifier: '$id' | 'id' | undefined,
): ResourceIndex {
  const document = createResource('', documentUri)
  const byPointer = new Map([['', document]])
  const byUri = new Map([[documentUri, document]])
  let hasDynamicReferences = false
  let sanitizes = false
  let classifies = false
  let hasUnevaluated = false

  visit(root, '', document, true)

  function visit(value: unknown, pointer: string, outer: Resource, named: boolean): void {
    if (Array.isArray(value)) {
      value.forEach((item, position) => visit(item, `${pointer}/${position}`, outer, true))
      return
    }
    if (!isObject(value)) return
    const resource = named && identifier !== undefined ? enter(value, pointer, outer, identifier) : outer
    if (named && typeof value['$dynamicRef'] === 'string') hasDynamicReferences = true
    if (named && isObject(value['x-gateward']) && 'sanitize' in value['x-gateward']) sanitizes = true
    if (named && dataClassKeyword in value) classifies = true
    if (named && ('unevaluatedProperties' in value || 'unevaluatedItems' in value)) hasUnevaluated = true
    for (const name of Object.keys(value)) {
      if (named && dataKeywords.has(name)) continue
      visit(value[name], `${pointer}/${toToken(name)}`, resource, !(named && mapKeywords.has(name)))
    }
  }

  function enter(
    schema: Readonly<Record<string, unknown>>,
    pointer: string,
    outer: Resource,
    keyword: '$id' | 'id',
  ): Resource {
    // Draft 4 ignores what stands beside `$ref`, an `id` too.
    const id = keyword === 'id' && typeof schema['$ref'] === 'string' ? undefined : schema[keyword]
    const anchorOnly = typeof id === 'string' && id.startsWith('#')
    const uri = typeof id === 'string' && !anchorOnly ? resolveUri(id, outer.uri) : undefined
    const resource = uri === undefined ? outer : createResource(pointer, uri.split('#', 1)[0] ?? uri)
    if (resource !== outer) {
      byPointer.set(pointer, resource)
      byUri.set(resource.uri, resource)
    }
    // Draft 4 writes an anchor as an `id` that is a fragment.
    if (anchorOnly) resource.anchors.set(id.slice(1), pointer)
    if (keyword === 'id') return resource
    if (typeof schema['$anchor'] === 'string') resource.anchors.set(schema['$anchor'], pointer)
    if (typeof schema['$dynamicAnchor'] === 'string') {
      resource.anchors.set(schema['$dynamicAnchor'], pointer)
      resource.dynamicAnchors.set(schema['$dynamicAnchor'], pointer)
    }
    return resource
  }

  function resourceOf(pointer: string): Resource {
    if (byPointer.size === 1) return document
    for (let prefix = pointer; prefix !== ''; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
      const resource = byPointer.get(prefix)
      if (resource !== undefined) return resource
    }
    return document
  }

  function resolve(pointer: string, reference: string): string | undefined {
    const hash = reference.indexOf('#')
    const fragment = hash < 0 ? '' : decodeFragment(reference.slice(hash + 1))
    const path = hash < 0 ? reference : reference.slice(0, hash)
    const base = resourceOf(pointer)
    const uri = path === '' ? base.uri : resolveUri(path, base.uri)
    const resource = uri === undefined ? undefined : byUri.get(uri)
    if (resource === undefined || fragment === undefined) return undefined
    if (fragment !== '' && !fragment.startsWith('/')) return resource.anchors.get(fragment)
    const target = `${resource.pointer}${fragment}`
    if (valueAt(root, target) !== undefined) return target
    // A document's own `#/components/…` is meant even inside a schema with an `$id`, where authors forget that it moves the base.
    return valueAt(root, fragment) === undefined ? undefined : fragment
  }

  return { hasDynamicReferences, sanitizes, classifies, hasUnevaluated, resourceOf, resolve }
}

function createResource(pointer: string, uri: string): Resource {
  return { pointer, uri, anchors: new Map(), dynamicAnchors: new Map() }
}

function resolveUri(reference: string, base: string): string | undefined {
  return URL.parse(reference, base)?.href
}

function decodeFragment(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}
