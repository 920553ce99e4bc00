import type { SourcePosition } from '@gateward/kernel'

/**
 * An OpenAPI document read whole: plain JSON data in which every `$ref` is local (`#/…`). What other files
 * contributed stands under `#/x-bundled/<n>`, so that one pointer names every schema, and recursion stays a reference.
 */
export interface LoadedDocument {
  readonly file: string
  readonly dialect: '3.0' | '3.1' | '3.2'
  readonly root: Readonly<Record<string, unknown>>
  /** The place in the file it came from of the value at a JSON Pointer into `root` (nearest known ancestor). */
  positionOf(pointer: string): SourcePosition
}
