import type { RegexCursor } from './regex-cursor.ts'
import { RegexSyntaxError } from './regex-mistake.ts'

/** The flags in force: `i`, `s`, `m` and `x`. */
export interface RegexFlags {
  readonly ignoreCase: boolean
  readonly dotAll: boolean
  readonly multiline: boolean
  readonly extended: boolean
}

/** What a parenthesis opens. */
export type GroupOpening =
  | { readonly kind: 'comment' }
  | { readonly kind: 'flags'; readonly flags: RegexFlags }
  | { readonly kind: 'plain'; readonly flags: RegexFlags }
  | { readonly kind: 'capture'; readonly name: string | undefined }
  | { readonly kind: 'atomic' }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negated: boolean }

/** Reads what follows an opening parenthesis up to the group's content. */
export function readGroupOpening(cursor: RegexCursor, flags: RegexFlags): GroupOpening {
  const start = cursor.at - 1
  if (cursor.match(/\?#[^)]*\)/y) !== undefined) return { kind: 'comment' }
  if (!cursor.take('?')) return readVerb(cursor, start)
  const name = cursor.match(/P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'/y)
  if (name !== undefined) return { kind: 'capture', name: name[1] ?? name[2] }
  const sign = cursor.match(/<?[=!]|>/y)?.[0]
  if (sign === '>') return { kind: 'atomic' }
  if (sign !== undefined) return { kind: 'look', behind: sign.startsWith('<'), negated: sign.endsWith('!') }
  const changed = cursor.match(/([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/y)
  if (changed === undefined) {
    throw new RegexSyntaxError('this kind of group is not supported', 'write (?:…) or (…)', start)
  }
  const on = changeFlags(flags, changed[1] ?? '', true, start)
  const both = changeFlags(on, changed[2] ?? '', false, start)
  return { kind: changed[3] === ':' ? 'plain' : 'flags', flags: both }
}

function readVerb(cursor: RegexCursor, start: number): GroupOpening {
  if (cursor.peek() !== '*' || !/[A-Z]/.test(cursor.peek(1))) return { kind: 'capture', name: undefined }
  throw new RegexSyntaxError('verbs such as (*FAIL) are not supported', 'leave the verb out', start)
}

function changeFlags(flags: RegexFlags, letters: string, value: boolean, offset: number): RegexFlags {
  const changed: { -readonly [Flag in keyof RegexFlags]: boolean } = { ...flags }
  for (const letter of letters) {
    const name = flagNames.get(letter)
    if (name === undefined) {
      throw new RegexSyntaxError(`the flag ${letter} is not supported`, 'write i, s, m or x', offset)
    }
    changed[name] = value
  }
  return changed
}

const flagNames: ReadonlyMap<string, keyof RegexFlags> = new Map([
  ['i', 'ignoreCase'],
  ['s', 'dotAll'],
  ['m', 'multiline'],
  ['x', 'extended'],
])
