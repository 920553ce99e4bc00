/** A directive with all its arguments: one or more lines of the file, joined where they end in a backslash. */
export interface LogicalLine {
  readonly text: string
  /** Where a character of `text` stands in the file; line and column count from 1. */
  placeOf(offset: number): { readonly line: number; readonly column: number }
}

interface Segment {
  /** Of the logical line's text, where this segment begins. */
  readonly offset: number
  readonly line: number
  /** How many characters of the file's line were cut before the segment. */
  readonly cut: number
}

const directiveStart = /^[\t ]*(?:Sec[A-Z]|Include(?:Optional)?[\t ])/i

/**
 * Joins continued lines and leaves out comments and empty lines.
 *
 * A comment that ends in a backslash goes on in the next line, as Apache and ModSecurity read it, so that a rule is
 * commented out by its first line; but it never swallows a line that starts a directive, which would turn a rule
 * off unseen. A comment between the lines of a rule is left out of it.
 */
export function readLogicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = []
  let joined = new LineJoiner()
  let inComment = false
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const { content, continued } = readContinuation(raw)
    const comment = /^[\t ]*#/.test(content)
    if (comment || (inComment && !directiveStart.test(content))) {
      if (!joined.started) inComment = continued
      continue
    }
    inComment = false
    joined.add(content, index + 1)
    if (continued) continue
    if (!joined.blank) lines.push(joined.finish())
    joined = new LineJoiner()
  }
  if (!joined.blank) lines.push(joined.finish())
  return lines
}

/** Blanks after the backslash are not seen in an editor, so they do not undo it. */
function readContinuation(line: string): { content: string; continued: boolean } {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--
  if (line[end - 1] !== '\\') return { content: line.slice(0, end), continued: false }
  return { content: line.slice(0, end - 1), continued: true }
}

class LineJoiner {
  readonly #parts: string[] = []
  readonly #segments: Segment[] = []
  #length = 0

  get started(): boolean {
    return this.#parts.length > 0
  }

  get blank(): boolean {
    return this.#length === 0
  }

  add(content: string, line: number): void {
    const trimmed = this.blank ? content.trimStart() : content
    this.#segments.push({ offset: this.#length, line, cut: content.length - trimmed.length })
    this.#parts.push(trimmed)
    this.#length += trimmed.length
  }

  finish(): LogicalLine {
    const segments = this.#segments.filter((segment, index) => {
      const next = this.#segments[index + 1]
      return next === undefined || next.offset > segment.offset
    })
    return {
      text: this.#parts.join(''),
      placeOf(offset) {
        const segment = segments.findLast((candidate) => candidate.offset <= offset) ?? segments[0]
        if (segment === undefined) return { line: 1, column: 1 }
        return { line: segment.line, column: offset - segment.offset + segment.cut + 1 }
      },
    }
  }
}
