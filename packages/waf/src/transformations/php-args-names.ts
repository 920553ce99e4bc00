import type { ByteString } from '../language/bytes.ts'

const mangled = /[ .]/g

/**
 * `t:phpArgsNames`: a parameter's name as PHP stores it. Leading spaces go, spaces and dots before the first bracket become `_`,
 * text after the last index is forgotten, and a bracket that never closes is no index.
 */
export function phpArgsNames(input: ByteString): ByteString {
  const name = input.replace(/^ +/, '')
  const bracket = name.indexOf('[')
  if (bracket === 0) return '' as ByteString
  const plain = bracket < 0 ? name : name.slice(0, bracket)
  const start = plain.replace(mangled, '_')
  if (bracket < 0) return start === input ? input : (start as ByteString)
  const result = start + indexes(name, bracket)
  return result === input ? input : (result as ByteString)
}

/** The indexes `[a][b]` from the first bracket on, or the rest after an underscore where that bracket never closes. */
function indexes(name: string, bracket: number): string {
  const parts: string[] = []
  let open = bracket
  while (name.charAt(open) === '[') {
    const close = name.indexOf(']', open)
    if (close < 0) break
    const key = name.slice(open + 1, close)
    parts.push(key === ' ' ? '[]' : `[${key}]`)
    open = close + 1
  }
  return parts.length === 0 ? `_${name.slice(bracket + 1)}` : parts.join('')
}
