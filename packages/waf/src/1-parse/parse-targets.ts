import type { Selector, Target } from '../language/rule.ts'
import type { ReportMistake } from './mistake.ts'

/**
 * Reads the targets of a rule: `ARGS|!ARGS:token|&REQUEST_HEADERS:Host|TX:/^header_/|XML:/*`, also separated by
 * commas; `TX.score` means `TX:score`, as in macros. A selector may stand between single quotes; one between slashes is a regular expression, in which `|` needs
 * no escape. XML's selectors are XPath expressions and never regular ones.
 */
export function parseTargets(text: string, report: ReportMistake): readonly Target[] {
  const targets: Target[] = []
  const reader = new TargetReader(text, report)
  do {
    const target = reader.readTarget()
    if (target !== undefined) targets.push(target)
  } while (reader.readSeparator())
  return targets
}

class TargetReader {
  readonly #text: string
  readonly #report: ReportMistake
  #at = 0

  constructor(text: string, report: ReportMistake) {
    this.#text = text
    this.#report = report
  }

  readTarget(): Target | undefined {
    this.#skipBlanks()
    const start = this.#at
    const excluded = this.#take('!')
    const counted = this.#take('&')
    const variable = this.#match(/[A-Za-z][\w]*/y)
    if (variable === undefined) {
      this.#refuse(
        'missing-target',
        'a target was expected',
        'write the name of a variable, such as ARGS',
        start,
      )
      this.#match(/[^|,]*/y)
      return undefined
    }
    const name = variable.toUpperCase()
    const selector = this.#take(':') || this.#take('.') ? this.#readSelector(name === 'XML') : undefined
    return { variable: name, selector, excluded, counted }
  }

  /** Goes past a separator; false at the end. */
  readSeparator(): boolean {
    this.#skipBlanks()
    if (this.#at >= this.#text.length) return false
    if (this.#take('|') || this.#take(',')) return true
    const rest = this.#text.slice(this.#at, this.#at + 20)
    this.#refuse('bad-target', `"${rest}" cannot stand after a target`, 'separate targets with |', this.#at)
    this.#match(/[^|,]*/y)
    return this.#take('|') || this.#take(',')
  }

  #readSelector(isPath: boolean): Selector | undefined {
    const start = this.#at
    const quoted = this.#match(/'(?:[^'\\]|\\[^])*'(?=[\t ]*(?:[|,]|$))/y)
    if (quoted !== undefined)
      return this.#toSelector(quoted.slice(1, -1).replaceAll("\\'", "'"), isPath, start)
    const pattern = isPath
      ? undefined
      : this.#match(/\/(?:[^/\\]|\\[^]|\/(?![\t ]*(?:[|,]|$)))*\/(?=[\t ]*(?:[|,]|$))/y)
    const text = pattern ?? this.#match(/[^|,]*/y)?.trimEnd() ?? ''
    return this.#toSelector(text, isPath, start)
  }

  #toSelector(text: string, isPath: boolean, start: number): Selector | undefined {
    if (text === '') {
      this.#refuse(
        'missing-selector',
        'nothing stands after the colon',
        'write a key, or leave out the colon',
        start,
      )
      return undefined
    }
    if (!isPath && text.length > 2 && text.startsWith('/') && text.endsWith('/')) {
      return { kind: 'regex', source: text.slice(1, -1) }
    }
    return { kind: 'name', name: text }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#at += found.length
    return found
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++
  }

  #refuse(code: string, message: string, fix: string, offset: number): void {
    this.#report({ code, message, fix, offset })
  }
}
