import type { Field } from '../../contract.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer, escapeToken } from '../../pointer/json-pointer.ts'
import { resolve, type Resolved } from '../../pointer/resolve.ts'
import { formatOf, readMediaType } from '../bodies/media-type.ts'
import { fieldValues } from './field-values.ts'

const mostFields = 2_000
const mostDepth = 24

/**
 * Lists the fields that an operation's requests may have, with what their schemas say in simple terms: parameters, and the
 * leaves of body schemas, references and `allOf` followed. At most 2,000 fields, 24 levels deep.
 */
export function readFields(
  root: unknown,
  { item, operation }: { readonly item: string; readonly operation: string },
): readonly Field[] {
  const reader = new FieldReader(root)
  for (const pointer of [operation, item]) reader.readParameters(pointer)
  reader.readBody(childPointer(operation, 'requestBody'))
  return reader.fields
}

class FieldReader {
  readonly fields: Field[] = []
  readonly #root: unknown
  readonly #parameters = new Set<string>()
  readonly #open = new Set<string>()

  constructor(root: unknown) {
    this.#root = root
  }

  /** Those of the operation come first, and stand over its path's. */
  readParameters(pointer: string): void {
    const list = resolve(this.#root, pointer)?.value['parameters']
    for (const index of Array.isArray(list) ? list.keys() : []) {
      const parameter = resolve(this.#root, childPointer(childPointer(pointer, 'parameters'), index))
      if (parameter !== undefined) this.#readParameter(parameter)
    }
  }

  readBody(pointer: string): void {
    const body = resolve(this.#root, pointer)
    const content = body?.value['content']
    if (body === undefined || !isRecord(content)) return
    for (const mediaType of Object.keys(content)) {
      const format = formatOf(readMediaType(mediaType)?.essence ?? '')
      if (format !== 'json' && format !== 'form' && format !== 'multipart') continue
      const place = childPointer(childPointer(childPointer(body.pointer, 'content'), mediaType), 'schema')
      this.#readSchema(place, '', format, 0)
    }
  }

  #readParameter({ value, pointer }: Resolved): void {
    const { name, in: place, style, explode, content } = value
    if (typeof name !== 'string' || !isPlace(place) || this.#parameters.has(`${place} ${name}`)) return
    this.#parameters.add(`${place} ${name}`)
    const schema = resolve(this.#root, childPointer(pointer, 'schema'))
    const isPlain = content === undefined && style !== 'deepObject' && style !== 'spaceDelimited'
    const isRepeated = place === 'query' && explode !== false && schema?.value['type'] === 'array'
    const items = isRepeated ? resolve(this.#root, childPointer(schema.pointer, 'items')) : undefined
    const values = isPlain ? this.#valuesOf(items ?? schema) : undefined
    this.#add({ in: place, name, format: undefined, values })
  }

  #readSchema(pointer: string, name: string, format: 'json' | 'form' | 'multipart', depth: number): void {
    const schema = resolve(this.#root, pointer)
    if (schema === undefined || depth > mostDepth || this.#open.has(schema.pointer)) return
    this.#open.add(schema.pointer)
    const { properties, items } = schema.value
    const parts = this.#partsOf(schema)
    for (const key of isRecord(properties) ? Object.keys(properties) : []) {
      const child = childPointer(childPointer(schema.pointer, 'properties'), key)
      this.#readSchema(child, `${name}/${escapeToken(key)}`, format, depth + 1)
    }
    if (isRecord(items))
      this.#readSchema(childPointer(schema.pointer, 'items'), `${name}/*`, format, depth + 1)
    for (const part of parts) this.#readSchema(part, name, format, depth + 1)
    this.#open.delete(schema.pointer)
    const isLeaf = !isRecord(properties) && !isRecord(items) && parts.length === 0
    if (isLeaf || fieldValues(schema.value) !== undefined) {
      this.#add({ in: 'body', name, format, values: this.#valuesOf(schema) })
    }
  }

  /** The schemas that describe the same value as this one. */
  #partsOf({ value, pointer }: Resolved): readonly string[] {
    return ['allOf', 'oneOf', 'anyOf'].flatMap((keyword) => {
      const list = value[keyword]
      return Array.isArray(list)
        ? list.map((_, index) => childPointer(childPointer(pointer, keyword), index))
        : []
    })
  }

  #valuesOf(schema: Resolved | undefined): Field['values'] {
    return schema === undefined ? undefined : fieldValues(schema.value)
  }

  #add(field: Field): void {
    if (this.fields.length < mostFields) this.fields.push(field)
  }
}

function isPlace(place: unknown): place is 'path' | 'query' | 'header' | 'cookie' {
  return place === 'path' || place === 'query' || place === 'header' || place === 'cookie'
}
