import type { Operation } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'
import { decodeFormText } from '../../exchange/form-body.ts'

/** The decoded value of a path parameter; `undefined` where there is none or it cannot be decoded. */
export function readPathOwner(exchange: Exchange, operation: Operation, name: string): string | undefined {
  const raw = exchange.pathParameters[pathParameterNames(operation).indexOf(name)]
  if (raw === undefined) return undefined
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

/** The names of a template's variables in their order; looked up once an operation. */
export function pathParameterNames(operation: Operation): readonly string[] {
  let names = namesByOperation.get(operation)
  if (names === undefined) {
    names = [...operation.template.matchAll(/\{([^{}]{1,200})\}/g)].map(([, name]) => name as string)
    namesByOperation.set(operation, names)
  }
  return names
}

const namesByOperation = new WeakMap<Operation, readonly string[]>()

/**
 * The decoded value of a query parameter; `undefined` where it is not there exactly once, since services differ in
 * which of two they take, or where any name cannot be decoded.
 */
export function readQueryOwner(query: string, name: string): string | undefined {
  let found: string | undefined
  for (const piece of query.split('&')) {
    const equals = piece.indexOf('=')
    const pieceName = decodeFormText(equals === -1 ? piece : piece.slice(0, equals))
    if (pieceName === undefined) return undefined
    if (pieceName !== name) continue
    if (found !== undefined) return undefined
    found = equals === -1 ? '' : decodeFormText(piece.slice(equals + 1))
    if (found === undefined) return undefined
  }
  return found
}
