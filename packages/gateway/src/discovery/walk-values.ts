import { readFieldName, type FieldName } from './detectors/detector.ts'

/** A text or number of a body, and where it stood: an array's elements are all at index 0. */
export type VisitValue = (pointer: string, name: FieldName, text: string) => void

/** Visits the texts and numbers of a JSON value that are short enough to be looked at; the first 2,000 values, 24 levels deep. */
export function walkValues(value: unknown, visit: VisitValue): void {
  let left = mostValues
  const walk = (part: unknown, pointer: string, name: string, owner: string, depth: number): void => {
    if (left-- <= 0 || depth > mostDepth) return
    const text = toText(part)
    if (text !== undefined) return visit(pointer, readFieldName(name, owner), text)
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) for (const item of part) walk(item, `${pointer}/0`, name, owner, depth + 1)
    else
      for (const [key, member] of Object.entries(part))
        walk(member, `${pointer}/${escapeToken(key)}`, key, name, depth + 1)
  }
  walk(value, '', '', '', 0)
}

const mostValues = 2_000
const mostDepth = 24
const longestText = 256

/** What detectors look at; `undefined`: nothing for them. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value.length > longestText) return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
