import { decodePercent } from './decode.ts'
import { Refusal } from './refusal.ts'

/** How a value with parts is written in one text (OpenAPI 3.2 section 4.12.6, "style values"). */
export type Style =
  'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject' | 'cookie'

/** A style with what it needs to take a text apart. */
export interface Notation {
  readonly style: Style
  readonly explode: boolean
  /** The parameter's name, which `matrix` repeats in the text. */
  readonly name: string
}

/** Takes a text apart or strips it; refuses a text that is not written in the style. */
export type Split = (raw: string) => readonly string[] | Refusal
export type Strip = (raw: string) => string | Refusal

/** The most parts that one text may have. */
const maxParts = 1000

const tooManyParts = new Refusal('maxItems', `has more than ${maxParts} parts`)
const noLabel = new Refusal('encoding', 'does not begin with "." (style label)')
const noMatrix = new Refusal('encoding', 'is not ";name=value" (style matrix)')
const loneKey = new Refusal('encoding', 'has a key without a value')

/** The raw text of a single value, without what the style puts before it. */
export function compileStrip({ style, name }: Notation): Strip {
  if (style === 'label') return stripLabel
  if (style === 'matrix') return (raw) => stripMatrix(raw, name)
  return (raw) => raw
}

/**
 * The raw items of an array. `commasAreData`: an escaped comma belongs to an item (RFC 6570 section 3.2.1);
 * where no item can hold a comma, it is taken for the separator that many clients escape.
 */
export function compileItemSplit(notation: Notation, commasAreData: boolean): Split {
  const { style, explode, name } = notation
  if (style === 'matrix' && explode) {
    return (raw) => mapParts(splitMatrix(raw), (part) => stripMatrix(`;${part}`, name))
  }
  const strip = compileStrip(notation)
  const separator = separatorOf(notation, commasAreData)
  return (raw) => {
    const stripped = strip(raw)
    return stripped instanceof Refusal ? stripped : split(stripped, separator)
  }
}

/** The raw keys and values of an object, in turn. */
export function compileEntrySplit(notation: Notation): Split {
  const { style, explode } = notation
  if (!explode) {
    const items = compileItemSplit(notation, true)
    return (raw) => {
      const parts = items(raw)
      return !(parts instanceof Refusal) && parts.length % 2 === 1 ? loneKey : parts
    }
  }
  if (style === 'matrix') return (raw) => splitPairs(splitMatrix(raw))
  const strip = compileStrip(notation)
  const separator = separatorOf(notation, true)
  return (raw) => {
    const stripped = strip(raw)
    return stripped instanceof Refusal ? stripped : splitPairs(split(stripped, separator))
  }
}

function separatorOf({ style, explode }: Notation, commasAreData: boolean): string | RegExp {
  if (style === 'label' && explode) return '.'
  if (style === 'spaceDelimited') return /%20|\+| /
  if (style === 'pipeDelimited') return /\||%7c/i
  return commasAreData ? ',' : /,|%2c/i
}

function split(raw: string, separator: string | RegExp): readonly string[] | Refusal {
  if (raw === '') return []
  const parts = raw.split(separator, maxParts + 1)
  return parts.length > maxParts ? tooManyParts : parts
}

function splitPairs(parts: readonly string[] | Refusal): readonly string[] | Refusal {
  if (parts instanceof Refusal) return parts
  const entries: string[] = []
  for (const part of parts) {
    const equals = part.indexOf('=')
    if (equals === -1) return loneKey
    entries.push(part.slice(0, equals), part.slice(equals + 1))
  }
  return entries
}

function splitMatrix(raw: string): readonly string[] | Refusal {
  return raw.startsWith(';') ? split(raw.slice(1), ';') : noMatrix
}

function stripLabel(raw: string): string | Refusal {
  return raw.startsWith('.') ? raw.slice(1) : noLabel
}

/** `;color=blue` to `blue`; an empty value is `;color` alone (RFC 6570 section 3.2.7). */
function stripMatrix(raw: string, name: string): string | Refusal {
  if (!raw.startsWith(';')) return noMatrix
  const equals = raw.indexOf('=')
  const key = decodePercent(raw.slice(1, equals === -1 ? raw.length : equals))
  if (key !== name) return noMatrix
  return equals === -1 ? '' : raw.slice(equals + 1)
}

function mapParts(
  parts: readonly string[] | Refusal,
  strip: (part: string) => string | Refusal,
): readonly string[] | Refusal {
  if (parts instanceof Refusal) return parts
  const stripped: string[] = []
  for (const part of parts) {
    const text = strip(part)
    if (text instanceof Refusal) return text
    stripped.push(text)
  }
  return stripped
}
