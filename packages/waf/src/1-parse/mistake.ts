/** Something that cannot be read, at an offset of the text that was given; the caller knows where that text stands. */
export interface Mistake {
  readonly code: string
  readonly message: string
  readonly fix?: string
  /** Where it is plain what was meant, and other engines load it too: told, and read on. */
  readonly isHarmless?: true
  /** Counts characters from 0. */
  readonly offset: number
}

/** Takes one mistake; the reader goes on as well as it can, so that all mistakes are told at once. */
export type ReportMistake = (mistake: Mistake) => void
