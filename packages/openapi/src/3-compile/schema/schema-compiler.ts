import type { Diagnostic } from '@gateward/kernel'
import type { BodyFormat, BodySchema, Violation } from '../../contract.ts'

/** The six types of JSON Schema, `integer` apart from `number` (JSON Schema 2020-12 validation, section 6.1.1). */
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

/** Which way a value travels: `readOnly` matters on a request's way, `writeOnly` on a response's. */
export type Direction = 'request' | 'response'

/** What a media type's declaration says beside its schema. */
export interface BodyOptions {
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
  compileBody(pointer: string, options: BodyOptions): Omit<BodySchema, 'readForm'>
  /** The check of one decoded parameter; its violations carry `place`, and `name` as their pointer. */
  compileValue(
    pointer: string,
    place: Violation['in'],
    name: string,
  ): (value: unknown) => readonly Violation[]
  /** Every type the schema may let through, seen through references and combinators; all seven where it says nothing. */
  typesOf(pointer: string): ReadonlySet<JsonType>
  /** The pointer of the schema of an array's items, or `undefined` where none is declared. */
  itemPointer(pointer: string): string | undefined
  /** The pointers of the declared properties' schemas by name, through references and combinators; the first declaration wins. */
  propertyPointers(pointer: string): ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
}
