/** Why an expression cannot be used, and where in it. */
export interface RegexMistake {
  readonly kind: 'mistake'
  readonly code: 'regular-expression'
  readonly message: string
  readonly fix: string
  /** Counts characters of the expression from 0. */
  readonly offset: number
}

/** Thrown by the reader's depths to its entrance, which returns the mistake; it never leaves this folder. */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError'
  readonly mistake: RegexMistake

  constructor(message: string, fix: string, offset: number) {
    super(message)
    this.mistake = { kind: 'mistake', code: 'regular-expression', message, fix, offset }
  }
}
