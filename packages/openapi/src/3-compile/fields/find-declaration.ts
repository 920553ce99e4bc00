import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { SchemaDeclaration } from '../../contract.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer, pointerTokens } from '../../pointer/json-pointer.ts'
import { resolve } from '../../pointer/resolve.ts'

/** What a pointer of a schema leads to; `undefined` where the document has no object there any more. */
export function findDeclaration(document: LoadedDocument, pointer: string): SchemaDeclaration | undefined {
  let place = ''
  let value: unknown = document.root
  let classified = false
  for (const token of pointerTokens(pointer) ?? []) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
    value = (value as Record<string, unknown>)[token]
    place = childPointer(place, token)
    if (isRecord(value) && value[keyword] !== undefined) classified = true
  }
  if (!isRecord(value)) return undefined
  const target = typeof value['$ref'] === 'string' ? resolve(document.root, place) : undefined
  if (target?.value[keyword] !== undefined) classified = true
  // What stands beside a reference counts for nothing in OpenAPI 3.0.
  const written = document.dialect === '3.0' && target !== undefined ? target.pointer : place
  return { pointer: written, position: document.positionOf(written), classified }
}

const keyword = 'x-data-class'
