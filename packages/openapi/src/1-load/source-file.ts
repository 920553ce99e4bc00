import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import { LineMap } from './line-map.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'
import type { ParsedText } from './parsed-text.ts'

/** One file of a document: its data, and the place of every value in it. */
export class SourceFile {
  readonly name: string
  readonly url: URL
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
  readonly #parsed: ParsedText
  readonly #lines: LineMap

  /** Reads JSON where the text begins like it, else YAML; `name` is the file as messages name it. */
  constructor(name: string, url: URL, text: string) {
    this.name = name
    this.url = url
    this.#lines = new LineMap(text)
    this.#parsed = parseText(text, name)
    this.value = this.#parsed.value
    this.diagnostics = this.#parsed.mistakes.map(({ code, message, fix, offset }) => ({
      code,
      severity: 'error',
      message,
      ...(fix === undefined ? {} : { fix }),
      position: { file: name, ...this.#lines.at(offset) },
    }))
  }

  /** The place of what the tokens lead to, or of its nearest ancestor that the file knows. */
  positionOf(tokens: readonly string[]): SourcePosition {
    return { file: this.name, ...this.#lines.at(this.#parsed.index.find(tokens)) }
  }
}

function parseText(text: string, name: string): ParsedText {
  if (!/^\uFEFF?\s*[{[]/.test(text)) return parseYaml(text)
  const parsed = parseJson(text)
  const mistaken = parsed.value === undefined && !name.toLowerCase().endsWith('.json')
  // What begins like JSON and is none may be YAML in flow style, with comments or bare words.
  return mistaken ? parseYaml(text) : parsed
}
