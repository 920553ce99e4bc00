import type { ByteString } from '../language/bytes.ts'
import type { CompiledMacro, MacroVariable } from './macro.ts'

const longestExpansion = 1 << 16

/**
 * The text with the value of every variable in its place; `valueOf` answers the empty string for what is not there. Cut at
 * 64 KiB, so that a rule that doubles a variable with itself cannot fill the memory.
 */
export function expandMacro(
  compiled: CompiledMacro,
  valueOf: (variable: MacroVariable) => ByteString,
): ByteString {
  if (compiled.kind === 'constant') return compiled.value
  let text = ''
  for (const part of compiled.parts) {
    text += part.kind === 'text' ? part.value : valueOf(part)
    if (text.length > longestExpansion) return text.slice(0, longestExpansion) as ByteString
  }
  return text as ByteString
}
