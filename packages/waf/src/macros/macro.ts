import type { ByteString } from '../language/bytes.ts'

/** A text with macros, as compiled: all of it known at load, or parts to join per request. */
export type CompiledMacro =
  | { readonly kind: 'constant'; readonly value: ByteString }
  | { readonly kind: 'template'; readonly parts: readonly MacroPart[] }

/** A piece of a text with macros. */
export type MacroPart = { readonly kind: 'text'; readonly value: ByteString } | MacroVariable

/** `%{REQUEST_HEADERS.host}`: the value of a variable at the time it is read. */
export interface MacroVariable {
  readonly kind: 'variable'
  /** Upper case. */
  readonly variable: string
  /** As written; the collection decides about its letter case. */
  readonly key: string | undefined
  /** The key in lower case, which collections are asked by. */
  readonly lowerKey: string | undefined
  /** What keys must match, where the key is an expression: `%{ARGS:/^id/}`. */
  readonly keyPattern?: RegExp
}

/** What turns a text with macros into its value for one request. */
export interface MacroScope {
  expand(template: CompiledMacro): ByteString
}
