import type { SqlToken } from './token.ts'

/** The word at a place in upper case; empty where no word stands. */
export function textAt(tokens: readonly SqlToken[], at: number): string {
  const token = tokens[at]
  return token?.kind === 'word' ? token.text : ''
}

/** What stands at a place; past the last token, the end. */
export function kindAt(tokens: readonly SqlToken[], at: number): SqlToken['kind'] {
  return tokens[at]?.kind ?? 'end'
}

/** The first place from here on where no parenthesis opens. */
export function skipOpen(tokens: readonly SqlToken[], at: number): number {
  let next = at
  while (kindAt(tokens, next) === 'open') next++
  return next
}
