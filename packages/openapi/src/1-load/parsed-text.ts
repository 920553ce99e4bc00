import type { PositionIndex } from './position-index.ts'

/** A text read into plain data, with the place of every value; what was wrong stands in `mistakes`. */
export interface ParsedText {
  readonly value: unknown
  readonly index: PositionIndex
  readonly mistakes: readonly TextMistake[]
}

/** Something wrong in a text, and the offset where it shows. */
export interface TextMistake {
  readonly code: string
  readonly message: string
  readonly fix?: string
  readonly offset: number
}

/** Deeper nesting is refused: no document needs it, and every walk after this one recurses. */
export const maxDepth = 256
