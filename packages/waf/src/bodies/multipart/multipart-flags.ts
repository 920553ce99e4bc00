const strictFlags = [
  'MULTIPART_BOUNDARY_QUOTED',
  'MULTIPART_BOUNDARY_WHITESPACE',
  'MULTIPART_DATA_BEFORE',
  'MULTIPART_DATA_AFTER',
  'MULTIPART_HEADER_FOLDING',
  'MULTIPART_LF_LINE',
  'MULTIPART_MISSING_SEMICOLON',
  'MULTIPART_INVALID_QUOTING',
  'MULTIPART_INVALID_PART',
  'MULTIPART_INVALID_HEADER_FOLDING',
  'MULTIPART_FILE_LIMIT_EXCEEDED',
] as const

/** A way in which a multipart body may be written so that two readers find different parts in it. */
export type MultipartQuirk = (typeof strictFlags)[number]

/** Every variable that tells of a multipart body's form. */
export type MultipartFlag =
  MultipartQuirk | 'MULTIPART_STRICT_ERROR' | 'MULTIPART_CRLF_LF_LINES' | 'MULTIPART_UNMATCHED_BOUNDARY'

/** Where the variables are set; a `BodySink` is one. */
export interface MultipartFlagSink {
  set(variable: MultipartFlag, value: number): void
}

/** What one multipart body did wrong; all of it is noted, the first error is kept in words. */
export class MultipartFlags {
  readonly #quirks = new Set<MultipartQuirk>()
  #crlf = false
  #unmatched = 0
  #error: string | undefined

  get error(): string | undefined {
    return this.#error
  }

  note(quirk: MultipartQuirk): void {
    this.#quirks.add(quirk)
  }

  /** Notes what no reader should accept. */
  fail(error: string): void {
    this.#error ??= error
  }

  /** Notes how a line that is part of the form, not of the content, ended. */
  noteLineEnd(isCrlf: boolean): void {
    if (isCrlf) this.#crlf = true
    else this.#quirks.add('MULTIPART_LF_LINE')
  }

  /**
   * Notes a line that looks like a delimiter and is none: 2 where the parts can be told apart all the same (a line of
   * a text file that begins with two hyphens), 1 where readers will disagree about them.
   */
  noteUnmatched(level: 1 | 2): void {
    if (this.#unmatched !== 1) this.#unmatched = level
  }

  /** Sets every variable, those that are 0 too: rules compare them all. */
  publish(sink: MultipartFlagSink): void {
    for (const quirk of strictFlags) sink.set(quirk, this.#quirks.has(quirk) ? 1 : 0)
    sink.set('MULTIPART_STRICT_ERROR', this.#isStrictError() ? 1 : 0)
    sink.set('MULTIPART_CRLF_LF_LINES', this.#crlf && this.#quirks.has('MULTIPART_LF_LINE') ? 1 : 0)
    sink.set('MULTIPART_UNMATCHED_BOUNDARY', this.#unmatched)
  }

  /** The variables that stand at 1. */
  names(): readonly MultipartFlag[] {
    const names: MultipartFlag[] = [...this.#quirks]
    if (this.#isStrictError()) names.push('MULTIPART_STRICT_ERROR')
    if (this.#unmatched === 1) names.push('MULTIPART_UNMATCHED_BOUNDARY')
    return names
  }

  #isStrictError(): boolean {
    return this.#quirks.size > 0 || this.#error !== undefined
  }
}
