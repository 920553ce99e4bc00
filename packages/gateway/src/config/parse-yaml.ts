import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import {
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import { maskReferences, unmaskReferences } from './variable-reference.ts'

/** A YAML text as nodes with places. */
export interface YamlReading {
  readonly document: Document
  readonly diagnostics: readonly Diagnostic[]
  /** The place of a character, counted from 0. */
  readonly positionAt: (offset: number) => SourcePosition
}

/** Parses YAML 1.2, of which JSON is a part: one document, unique string keys, no tags. Throws where it is nested too deeply. */
export function parseYaml(text: string, file: string): YamlReading {
  const lines = new LineCounter()
  const document = parseDocument(maskReferences(text), {
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  })
  const positionAt = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const mistakes = withoutSequels([...document.errors, ...document.warnings])
  const diagnostics = [
    ...mistakes.map((mistake) => toDiagnostic(mistake, positionAt)),
    ...findPrototypeNames(document, positionAt),
  ]
  return { document, diagnostics, positionAt }
}

type YamlMistake = YAMLParseError | YAMLWarning

/** After a token that fits nowhere, what follows is read out of step: its mistakes are none of the author's. */
function withoutSequels(mistakes: readonly YamlMistake[]): readonly YamlMistake[] {
  const derailed = mistakes.findIndex(({ code }) => code === 'UNEXPECTED_TOKEN')
  return derailed === -1 ? mistakes : mistakes.slice(0, derailed + 1)
}

function toDiagnostic(mistake: YamlMistake, positionAt: YamlReading['positionAt']): Diagnostic {
  const position = positionAt(mistake.pos[0])
  if (mistake.code === 'MULTIPLE_DOCS')
    return invalid('the file holds a second document', 'write everything before the ---', position)
  if (mistake.code === 'DUPLICATE_KEY')
    return invalid('this name stands here twice', 'remove one of the two', position)
  if (mistake.code === 'TAG_RESOLVE_FAILED')
    return invalid('tags have no meaning here', 'remove the !', position)
  const message = unmaskReferences(mistake.message)
  return invalid(message.charAt(0).toLowerCase() + message.slice(1), undefined, position)
}

/** No section has such a name, and code that copies plain objects would take it for something else. */
function findPrototypeNames(
  document: Document,
  positionAt: YamlReading['positionAt'],
): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return
      const position = positionAt(key.range?.[0] ?? 0)
      found.push(invalid('__proto__ is not a name that can stand here', 'choose another name', position))
    },
  })
  return found
}

function invalid(message: string, fix: string | undefined, position: SourcePosition): Diagnostic {
  return { code: 'invalid-yaml', severity: 'error', message, ...(fix === undefined ? {} : { fix }), position }
}
