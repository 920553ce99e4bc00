import { quote } from '../../observe/quote.ts'
import { isHole, type Hole } from './hole.ts'

/** As `JSON.stringify`, in ASCII and with the holes left open. */
export function toJsonPieces(value: object): readonly (string | Hole)[] {
  const pieces: (string | Hole)[] = []
  append(pieces, value)
  return pieces
}

function append(pieces: (string | Hole)[], value: unknown): void {
  if (isHole(value)) pieces.push(value)
  else if (typeof value === 'string') pieces.push(quote(value))
  else if (typeof value !== 'object' || value === null) pieces.push(JSON.stringify(value) ?? 'null')
  else if (Array.isArray(value)) appendItems(pieces, value)
  else appendMembers(pieces, value)
}

function appendItems(pieces: (string | Hole)[], items: readonly unknown[]): void {
  pieces.push('[')
  items.forEach((item, index) => {
    if (index > 0) pieces.push(',')
    append(pieces, item)
  })
  pieces.push(']')
}

function appendMembers(pieces: (string | Hole)[], value: object): void {
  let separator = '{'
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    pieces.push(`${separator}${quote(name)}:`)
    append(pieces, member)
    separator = ','
  }
  pieces.push(separator === '{' ? '{}' : '}')
}
