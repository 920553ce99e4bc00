import type { RegexCursor } from './regex-cursor.ts'
import { RegexSyntaxError } from './regex-mistake.ts'

/** How often something is repeated. */
export interface Quantifier {
  readonly min: number
  readonly max: number
  readonly lazy: boolean
  readonly possessive: boolean
}

const highestCount = 65_535

/** Reads `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`, lazy with `?`, possessive with `+`; any other brace is a literal. */
export function readQuantifier(cursor: RegexCursor): Quantifier | undefined {
  // Behind most things none stands.
  if (!'*+?{'.includes(cursor.peek() || ' ')) return undefined
  const found = cursor.match(/(?:([*+?])|\{([0-9]+)(?:(,)([0-9]*))?\})([?+]?)/y)
  if (found === undefined) return undefined
  const [whole, sign, from, comma, to, mode] = found
  const [min, max] =
    sign === undefined ? countsOf(from ?? '', comma, to) : (signCounts[sign] ?? [0, Infinity])
  if (min > highestCount || (max > highestCount && max !== Infinity)) {
    const message = `a count above ${highestCount} is not possible`
    throw new RegexSyntaxError(message, 'write a smaller count', cursor.at - whole.length)
  }
  return { min, max, lazy: mode === '?', possessive: mode === '+' }
}

const signCounts: Readonly<Record<string, readonly [number, number]>> = {
  '*': [0, Infinity],
  '+': [1, Infinity],
  '?': [0, 1],
}

function countsOf(
  from: string,
  comma: string | undefined,
  to: string | undefined,
): readonly [number, number] {
  const min = Number(from)
  if (comma === undefined) return [min, min]
  return [min, to === undefined || to === '' ? Infinity : Number(to)]
}
