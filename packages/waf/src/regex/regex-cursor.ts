/** A place in an expression's source. */
export class RegexCursor {
  readonly source: string
  at = 0

  constructor(source: string) {
    this.source = source
  }

  get done(): boolean {
    return this.at >= this.source.length
  }

  /** The character at the cursor, or an empty string at the end. */
  peek(ahead = 0): string {
    return this.source[this.at + ahead] ?? ''
  }

  next(): string {
    const character = this.peek()
    this.at++
    return character
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at)
  }

  /** What was read since the cursor stood at a place. */
  textFrom(place: number): string {
    return this.source.slice(place, this.at)
  }

  /** Goes past the text if it stands here. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false
    this.at += text.length
    return true
  }

  /** Goes past what a sticky pattern matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source) ?? undefined
    if (found !== undefined) this.at += found[0].length
    return found
  }
}
