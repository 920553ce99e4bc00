import type { ByteString } from '../../language/bytes.ts'
import { isBlank } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import { expandReferences } from './expand-references.ts'
import { readDoctype } from './read-doctype.ts'

/** Is told what a document holds, in order. Ends the walk by returning an error. */
export interface XmlVisitor {
  /** The attributes' values, references expanded. */
  attribute(name: ByteString, value: ByteString): string | undefined
  /** A piece of the innermost open element's own text, references expanded; comments part no pieces. */
  text(value: ByteString): string | undefined
  open(): string | undefined
  close(): string | undefined
  /** A quoted literal or a declaration of an internal DTD. */
  declaration(value: ByteString): string | undefined
}

/**
 * Walks one XML document (XML 1.0, fifth edition) without building or validating it: no entity but the five and
 * character references, no DTD, nothing fetched. Takes time linear in the text, and memory in its depth.
 *
 * @returns what is wrong with the text and at which byte, or `undefined`
 */
export function walkXml(text: ByteString, limits: BodyLimits, visitor: XmlVisitor): string | undefined {
  return new XmlWalk(text, limits, visitor).run()
}

class XmlWalk {
  readonly #text: ByteString
  readonly #limits: BodyLimits
  readonly #visitor: XmlVisitor
  readonly #open: string[] = []
  #at = 0
  #hasRoot = false

  constructor(text: ByteString, limits: BodyLimits, visitor: XmlVisitor) {
    this.#text = text
    this.#limits = limits
    this.#visitor = visitor
  }

  run(): string | undefined {
    while (this.#at < this.#text.length) {
      const error = this.#text.charCodeAt(this.#at) === lessThan ? this.#readMarkup() : this.#readText()
      if (error !== undefined) return error
    }
    return this.#open.length > 0 || !this.#hasRoot ? 'XML that ends too early' : undefined
  }

  #readText(): string | undefined {
    const next = this.#text.indexOf('<', this.#at)
    const end = next === -1 ? this.#text.length : next
    const start = this.#at
    if (this.#open.length === 0) {
      while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1
      return this.#at < end ? this.#mistake() : undefined
    }
    const expanded = expandReferences(this.#text.slice(start, end) as ByteString)
    if (expanded === undefined) return this.#mistake('an unknown reference')
    this.#at = end
    return this.#visitor.text(expanded)
  }

  #readMarkup(): string | undefined {
    const second = this.#text.charAt(this.#at + 1)
    if (second === '/') return this.#readEndTag()
    if (second === '?') return this.#skipPast('?>', 2)
    if (second !== '!') return this.#readStartTag()
    if (this.#text.startsWith('<!--', this.#at)) return this.#skipPast('-->', 4)
    if (this.#text.startsWith('<![CDATA[', this.#at) && this.#open.length > 0)
      return this.#readCharacterData()
    if (this.#text.startsWith('<!DOCTYPE', this.#at) && !this.#hasRoot) return this.#readDoctype()
    return this.#mistake()
  }

  #skipPast(ending: string, offset: number): string | undefined {
    const end = this.#text.indexOf(ending, this.#at + offset)
    if (end === -1) return this.#mistake()
    this.#at = end + ending.length
    return undefined
  }

  #readCharacterData(): string | undefined {
    const start = this.#at + '<![CDATA['.length
    const error = this.#skipPast(']]>', '<![CDATA['.length)
    return error ?? this.#visitor.text(this.#text.slice(start, this.#at - ']]>'.length) as ByteString)
  }

  #readDoctype(): string | undefined {
    const doctype = readDoctype(this.#text, this.#at)
    for (const literal of doctype.literals) {
      const error = this.#visitor.declaration(literal)
      if (error !== undefined) return error
    }
    if (doctype.end === -1) return this.#mistake()
    if (doctype.isActive) return this.#mistake('a DTD')
    this.#at = doctype.end
    return undefined
  }

  #readStartTag(): string | undefined {
    if (this.#open.length === 0 && this.#hasRoot) return this.#mistake('a second root element')
    if (this.#open.length >= this.#limits.depth) return `more than ${this.#limits.depth} levels`
    const name = this.#readName(this.#at + 1)
    if (name === '') return this.#mistake()
    this.#at += 1 + name.length
    this.#hasRoot = true
    this.#open.push(name)
    return this.#visitor.open() ?? this.#readAttributes()
  }

  #readAttributes(): string | undefined {
    for (;;) {
      const hadBlank = this.#skipBlanks()
      const byte = this.#text.charAt(this.#at)
      if (byte === '>') {
        this.#at += 1
        return undefined
      }
      if (byte === '/' && this.#text.charAt(this.#at + 1) === '>') {
        this.#at += 2
        return this.#closeElement()
      }
      if (!hadBlank) return this.#mistake()
      const error = this.#readAttribute()
      if (error !== undefined) return error
    }
  }

  #readAttribute(): string | undefined {
    const name = this.#readName(this.#at)
    if (name === '') return this.#mistake()
    this.#at += name.length
    this.#skipBlanks()
    if (this.#text.charAt(this.#at) !== '=') return this.#mistake()
    this.#at += 1
    this.#skipBlanks()
    const quote = this.#text.charAt(this.#at)
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at + 1) : -1
    if (end === -1) return this.#mistake()
    const expanded = expandReferences(this.#text.slice(this.#at + 1, end) as ByteString)
    if (expanded === undefined) return this.#mistake('an unknown reference')
    this.#at = end + 1
    return this.#visitor.attribute(name, expanded)
  }

  #readEndTag(): string | undefined {
    const name = this.#readName(this.#at + 2)
    if (name === '' || name !== this.#open.at(-1)) return this.#mistake('an end tag of another element')
    this.#at += 2 + name.length
    this.#skipBlanks()
    if (this.#text.charAt(this.#at) !== '>') return this.#mistake()
    this.#at += 1
    return this.#closeElement()
  }

  #closeElement(): string | undefined {
    this.#open.pop()
    return this.#visitor.close()
  }

  #readName(start: number): ByteString {
    nameAt.lastIndex = start
    return (nameAt.test(this.#text) ? this.#text.slice(start, nameAt.lastIndex) : '') as ByteString
  }

  #skipBlanks(): boolean {
    const start = this.#at
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1
    return this.#at > start
  }

  #mistake(what = 'no XML'): string {
    return `${what} at byte ${this.#at}`
  }
}

const lessThan = 0x3c

// Every byte of a character beyond ASCII may stand in a name: which characters may is no question of safety here.
const nameAt = /[A-Za-z_:\x80-\xff][A-Za-z0-9_:.\x80-\xff-]*/y
