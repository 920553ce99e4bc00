/**
 * Removes HTML markup from a text and keeps what stands between it: tags with their attributes, comments,
 * processing instructions and declarations, as the tokenizer of the HTML standard finds them (section 13.2.5). A
 * `<` that no tokenizer takes for markup, as in `1 < 2`, stays; markup that never ends takes the rest of the text
 * with it, as it would in a page. Should the removal itself have put markup together, every `<` goes.
 *
 * The result is plain text. It may hold character references such as `&lt;`, which are no markup, and must still be
 * escaped where it is put into a page. Time is linear in the text's length.
 */
export function stripMarkup(text: string): string {
  if (!text.includes('<')) return text
  const stripped = stripOnce(text)
  return stripped !== text && stripOnce(stripped) !== stripped ? stripped.replaceAll('<', '') : stripped
}

function stripOnce(text: string): string {
  let kept = ''
  let from = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', from)) {
    const end = markupEnd(text, at)
    kept += text.slice(from, end === undefined ? at + 1 : at)
    from = end ?? at + 1
  }
  return kept + text.slice(from)
}

/** Where the markup that begins at a `<` ends, or `undefined` where none begins. */
function markupEnd(text: string, at: number): number | undefined {
  const next = text[at + 1] ?? ''
  if (text.startsWith('<!--', at)) return commentEnd(text, at + 4)
  if (next === '!' || next === '?') return after(text, '>', at + 2)
  if (next === '/') return isLetter(text[at + 2] ?? '') ? tagEnd(text, at + 3) : after(text, '>', at + 2)
  return isLetter(next) ? tagEnd(text, at + 2) : undefined
}

// `<!-->` and `<!--->` are whole comments to a browser, and `--!>` ends one.
function commentEnd(text: string, at: number): number {
  if (text.startsWith('>', at)) return at + 1
  if (text.startsWith('->', at)) return at + 2
  const end = /--!?>/g
  end.lastIndex = at
  return end.test(text) ? end.lastIndex : text.length
}

// A `>` inside of a quoted attribute value does not end the tag; a quote elsewhere than behind `=` quotes nothing.
function tagEnd(text: string, at: number): number {
  let expectsValue = false
  for (let index = at; index < text.length; index++) {
    const character = text[index] ?? ''
    if (character === '>') return index + 1
    if (expectsValue && (character === '"' || character === "'")) {
      index = after(text, character, index + 1) - 1
      expectsValue = false
    } else if (character === '=') expectsValue = true
    else if (!isSpace(character)) expectsValue = false
  }
  return text.length
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from)
  return found < 0 ? text.length : found + end.length
}

function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
}

function isSpace(character: string): boolean {
  return (
    character === ' ' || character === '\t' || character === '\n' || character === '\f' || character === '\r'
  )
}
