import { sentenceEnd } from '../running-text.ts'
import { isKeyword } from './vocabulary.ts'

/**
 * Whether SQL at a place in a value is talked about, as in "use `SELECT * FROM users` to see them all": names stand side by side
 * before it, which no grammar of SQL has, so that whatever the value is put into would break before it comes to the place; or
 * it stands in quotes of its own, and sentences around them.
 */
export function isTalkedAbout(value: string, at: number): boolean {
  const fence = openFence(value, at)
  if (fence !== -1 && isSentence(value.slice(Math.max(0, fence - longestText), fence))) return true
  const from = Math.max(lastQuote(value, at) + 1, at - longestText)
  const before = value.slice(from, at)
  if (isSentence(before)) return true
  const quote = value[from - 1]
  if (
    from === 0 ||
    quote === undefined ||
    before.trim() !== '' ||
    !/(?:^|[\s(:>])$/.test(value[from - 2] ?? '')
  )
    return false
  const after = value.slice(at, at + 2 * longestText)
  const close = after.indexOf(quote)
  if (close === -1) return false
  return (
    isSentence(after.slice(close + 1, close + longestText)) ||
    isSentence(value.slice(Math.max(0, from - longestText), from - 1))
  )
}

const longestText = 400

/** Where the fence opened in which a place stands, as Markdown parts code from the text above it; -1 where it stands in none. */
function openFence(value: string, at: number): number {
  let open = -1
  let from = 0
  for (let count = 0; count < mostFences; count++) {
    const next = value.indexOf('\n```', from)
    if (next === -1 || next >= at) return open
    open = open === -1 ? next : -1
    from = next + 4
  }
  return -1
}

const mostFences = 64

/** The last quote of any kind before a place; -1 where there is none. */
function lastQuote(value: string, at: number): number {
  for (let index = at - 1; index >= Math.max(0, at - longestText); index--) {
    const byte = value.charCodeAt(index)
    if (byte === 0x27 || byte === 0x22 || byte === 0x60) return index
  }
  return -1
}

function isSentence(text: string): boolean {
  return sentenceEnd(text, isWordOfSql, 3) !== -1
}

function isWordOfSql(word: string): boolean {
  return isKeyword(word.toUpperCase())
}
