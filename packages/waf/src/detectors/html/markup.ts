/** Where in a document the value stands: between tags, or as the value of an attribute in one of its four forms. */
export type MarkupContext = 'data' | 'unquoted' | "'" | '"' | '`'

/** One attribute, as written. */
export interface Attribute {
  /** Lower case. */
  readonly name: string
  /** Its raw value; undefined where there is no `=`. */
  readonly value: string | undefined
  readonly start: number
}

/** What a reader of markup reports, in order. A function that returns true ends the reading. */
export interface MarkupVisitor {
  /** A start tag, or the tag that the value stood in (its name is then empty). */
  tag(name: string, start: number): boolean
  attribute(attribute: Attribute, tag: string): boolean
  /** `</name`. */
  endTag(name: string, start: number): boolean
  /** Everything from `<!` or `<?` to its end. */
  declaration(text: string, start: number): boolean
}

/**
 * Reads a value by the tokenizer of HTML (13.2.5), from the state in which its context leaves it. True where the visitor
 * ended the reading. Linear in the length of the value: no state goes back.
 */
export function readMarkup(value: string, context: MarkupContext, visitor: MarkupVisitor): boolean {
  const reader: MarkupReader = { value, visitor, at: 0, commentsStayOpen: false }
  if (context === 'data') return readData(reader)
  if (context !== 'unquoted') reader.at = value.indexOf(context) + 1
  return readAttributes(reader, '') || readData(reader)
}

interface MarkupReader {
  readonly value: string
  readonly visitor: MarkupVisitor
  at: number
  /** Whether a search for the end of a comment has failed: it would fail again, and cost the whole value each time. */
  commentsStayOpen: boolean
}

const tagName = /[A-Za-z][^\s/>]*/y
const endTagName = /\/\s*[A-Za-z][\w:-]*/y

function readData(reader: MarkupReader): boolean {
  const { value, visitor } = reader
  for (;;) {
    const start = value.indexOf('<', reader.at)
    if (start === -1) return false
    reader.at = start + 1
    const name = match(reader, tagName)?.toLowerCase()
    if (name !== undefined) {
      if (visitor.tag(name, start) || readAttributes(reader, name)) return true
      continue
    }
    const end = match(reader, endTagName)?.replace(/\W/g, '').toLowerCase()
    if (end !== undefined && visitor.endTag(end, start)) return true
    if ((value[reader.at] === '!' || value[reader.at] === '?') && readDeclaration(reader, start)) return true
  }
}

const longestDeclaration = 1000

function readDeclaration(reader: MarkupReader, start: number): boolean {
  const close = findDeclarationEnd(reader)
  const end = Math.min(close === -1 ? reader.value.length : close, start + longestDeclaration)
  // Parsers disagree about where a comment ends: what stands in one is read as well, right behind its opening.
  reader.at = close === -1 || reader.value.startsWith('<!--', start) ? reader.at + 1 : close + 1
  return reader.visitor.declaration(reader.value.slice(start, end), start)
}

function findDeclarationEnd(reader: MarkupReader): number {
  const { value, at } = reader
  if (reader.commentsStayOpen) return -1
  const close = value.indexOf(value.startsWith('!--', at) ? '-->' : '>', at)
  if (close === -1) reader.commentsStayOpen = true
  return close
}

const separators = /[\s/]+/y
const attributeName = /[^\s/>=][^\s/>=]*|=[^\s/>=]*/y
const equals = /\s*=\s*/y
const unquotedValue = /[^\s>]+/y

/** Reads the attributes of a tag up to its `>`, past it. */
function readAttributes(reader: MarkupReader, tag: string): boolean {
  const { value, visitor } = reader
  for (;;) {
    match(reader, separators)
    if (reader.at >= value.length) return false
    if (value[reader.at] === '>') {
      reader.at++
      return false
    }
    const start = reader.at
    const name = match(reader, attributeName) ?? ''
    const attributeValue = match(reader, equals) === undefined ? undefined : readValue(reader)
    if (visitor.attribute({ name: name.toLowerCase(), value: attributeValue, start }, tag)) return true
  }
}

function readValue(reader: MarkupReader): string {
  const { value, at } = reader
  const quote = value[at]
  // A backtick opens a value in old Internet Explorer, and is an ordinary character elsewhere.
  if (quote !== '"' && quote !== "'") return match(reader, unquotedValue) ?? ''
  const close = value.indexOf(quote, at + 1)
  reader.at = close === -1 ? value.length : close + 1
  return value.slice(at + 1, close === -1 ? value.length : close)
}

function match(reader: MarkupReader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.value)
  if (found === null) return undefined
  reader.at += found[0].length
  return found[0]
}
