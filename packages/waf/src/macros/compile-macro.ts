import type { ByteString } from '../language/bytes.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import type { CompiledMacro, MacroPart, MacroVariable } from './macro.ts'

// A name that begins with a letter keeps `%{2}` of a regular expression and `%{}` what they are: text. A percent sign may close
// what one has opened, as libmodsecurity reads it.
const macro = /%\{([A-Za-z_]\w*)(?:[.:]([^}]*))?\}(?:%(?!\{))?/g

/**
 * Compiles a text with macros, `Score: %{tx.score}`. A variable and its key are parted by a dot or a colon; a key between slashes
 * is a regular expression, and stands for the first that matches. What is not a whole macro stays text.
 */
export function compileMacro(text: string): CompiledMacro {
  const parts: MacroPart[] = []
  let end = 0
  for (const match of text.matchAll(macro)) {
    if (match.index > end) parts.push(textPart(text.slice(end, match.index)))
    parts.push(variablePart(match[1] ?? '', match[2]))
    end = match.index + match[0].length
  }
  if (parts.length === 0) return { kind: 'constant', value: text as ByteString }
  if (end < text.length) parts.push(textPart(text.slice(end)))
  return { kind: 'template', parts }
}

/** The variables that a compiled text reads, in their order: for checks and plans at load. */
export function macroVariables(compiled: CompiledMacro): readonly MacroVariable[] {
  return compiled.kind === 'constant' ? [] : compiled.parts.filter((part) => part.kind === 'variable')
}

function textPart(value: string): MacroPart {
  return { kind: 'text', value: value as ByteString }
}

function variablePart(name: string, key: string | undefined): MacroVariable {
  const written = key === '' ? undefined : key
  const keyPattern = patternOf(written)
  return {
    kind: 'variable',
    variable: name.toUpperCase(),
    key: written,
    lowerKey: written?.toLowerCase(),
    ...(keyPattern !== undefined && { keyPattern }),
  }
}

function patternOf(key: string | undefined): RegExp | undefined {
  const [, source] = /^\/([^]+)\/$/.exec(key ?? '') ?? []
  const compiled = source === undefined ? undefined : compileRegex(`(?i)${source}`)
  return compiled?.kind === 'regex' ? compiled.regexp : undefined
}
