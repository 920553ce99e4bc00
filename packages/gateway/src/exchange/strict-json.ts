/** Bounds on a JSON text; each is refused before a value is made. */
export interface JsonLimits {
  /** Deepest nesting of arrays and objects. */
  readonly maxDepth: number
  /** Most keys in the whole text. */
  readonly maxKeys: number
  /** Most array elements in the whole text. */
  readonly maxElements: number
  /** Longest string, in characters, and longest key. */
  readonly maxString: number
  /** Most characters of one number. */
  readonly maxNumber: number
  /** Whether duplicate and prototype-polluting keys are refused: always for requests. */
  readonly strict: boolean
}

export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown }
  /** `reason` says what and at which byte, and quotes nothing of the text. */
  | { readonly kind: 'refused'; readonly reason: string }
