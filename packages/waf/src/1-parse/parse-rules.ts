import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import { hasErrors } from '@gateward/kernel'
import type { Statement } from '../language/rule.ts'
import type { ReportMistake } from './mistake.ts'
import { parseActions } from './parse-actions.ts'
import { parseOperator } from './parse-operator.ts'
import { parseTargets } from './parse-targets.ts'
import type { LogicalLine } from './read-logical-lines.ts'
import { readLogicalLines } from './read-logical-lines.ts'
import type { Word } from './split-words.ts'
import { splitWords } from './split-words.ts'

/** What a rule text says, in its order. Where a diagnostic is an error, the statements must not be used. */
export interface ParsedRules {
  readonly statements: readonly Statement[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads SecLang. The text is bytes as latin1 (`ByteString`), so that a regular expression means the same bytes as in
 * the file. Total: any text gives statements or diagnostics, and never an exception.
 */
export function parseRules(text: string, file: string): ParsedRules {
  const statements: Statement[] = []
  const diagnostics: Diagnostic[] = []
  for (const line of readLogicalLines(text)) {
    const before = diagnostics.length
    const statement = parseStatement(new StatementSource(line, file, diagnostics))
    if (statement !== undefined && !hasErrors(diagnostics.slice(before))) statements.push(statement)
  }
  return { statements, diagnostics }
}

const directiveName = /^[A-Za-z_][\w.-]*$/

function parseStatement(source: StatementSource): Statement | undefined {
  const [directive, ...words] = splitWords(source.text, source.report)
  if (directive === undefined) return undefined
  switch (directive.text.toLowerCase()) {
    case 'secrule':
      return parseRule(words, source)
    case 'secaction':
      return parseAction(words, source)
    case 'secmarker':
      return parseMarker(words, source)
    default: {
      if (!directiveName.test(directive.text)) {
        const shown = directive.text.slice(0, 40)
        return source.refuse(
          `"${shown}" is no directive`,
          'write a directive such as SecRule, or # before a comment',
        )
      }
      const values = words.map((word) => word.text)
      return { kind: 'directive', name: directive.text, values, position: source.position }
    }
  }
}

function parseRule(words: readonly Word[], source: StatementSource): Statement | undefined {
  const [targets, operator, actions, ...rest] = words
  if (targets === undefined || operator === undefined || rest.length > 0) {
    return source.refuse(
      `SecRule has ${words.length} ${words.length === 1 ? 'argument' : 'arguments'}`,
      'write SecRule VARIABLES "OPERATOR" "ACTIONS", each in one pair of quotes',
    )
  }
  return {
    kind: 'rule',
    targets: parseTargets(targets.text, source.reportWithin(targets)),
    operator: parseOperator(operator.text),
    actions: actions === undefined ? [] : parseActions(actions.text, source.reportWithin(actions)),
    position: source.position,
  }
}

function parseAction(words: readonly Word[], source: StatementSource): Statement | undefined {
  const [actions, ...rest] = words
  if (actions === undefined || rest.length > 0) {
    return source.refuse(`SecAction has ${words.length} arguments`, 'write SecAction "ACTIONS"')
  }
  return {
    kind: 'action',
    actions: parseActions(actions.text, source.reportWithin(actions)),
    position: source.position,
  }
}

function parseMarker(words: readonly Word[], source: StatementSource): Statement | undefined {
  const [name, ...rest] = words
  if (name === undefined || name.text === '' || rest.length > 0) {
    return source.refuse('SecMarker needs one name', 'write SecMarker "NAME"')
  }
  return { kind: 'marker', name: name.text, position: source.position }
}

/** A logical line with its place in the file, and where its mistakes go. */
class StatementSource {
  readonly text: string
  readonly position: SourcePosition
  readonly report: ReportMistake
  readonly #line: LogicalLine
  readonly #file: string
  readonly #diagnostics: Diagnostic[]

  constructor(line: LogicalLine, file: string, diagnostics: Diagnostic[]) {
    this.text = line.text
    this.#line = line
    this.#file = file
    this.#diagnostics = diagnostics
    this.position = this.#positionOf(0)
    this.report = this.#reporter(0)
  }

  /** A reporter for mistakes whose offsets count from the word's beginning. */
  reportWithin(word: Word): ReportMistake {
    return this.#reporter(word.offset)
  }

  refuse(message: string, fix: string): undefined {
    this.report({ code: 'bad-directive', message, fix, offset: 0 })
  }

  #reporter(base: number): ReportMistake {
    return ({ code, message, fix, offset, isHarmless }) => {
      const position = this.#positionOf(base + offset)
      this.#diagnostics.push({
        code,
        severity: isHarmless === true ? 'warning' : 'error',
        message,
        position,
        ...(fix !== undefined && { fix }),
      })
    }
  }

  #positionOf(offset: number): SourcePosition {
    return { file: this.#file, ...this.#line.placeOf(offset) }
  }
}
