import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { withPlainCharacters } from '../plain-characters.ts'
import { isBehindSentence } from '../running-text.ts'
import { isDangerousAttribute, isRunningElement, isRunningStyle } from './dangers.ts'
import { isCondition, isDataScript, isDocument, isPassiveInDocument } from './document.ts'
import type { Attribute, MarkupContext, MarkupVisitor } from './markup.ts'
import { readMarkup } from './markup.ts'
import { findScriptBreakout } from './script-breakout.ts'
import { findScriptSign } from './script-signs.ts'
import { decodeScriptEscapes } from './script-escapes.ts'
import { isScriptAddress } from './script-url.ts'

/**
 * Finds a value that would run a script in a page it is put into: between tags, inside an attribute of any quoting, inside
 * a literal of a script, or as an address. It is read in each of these places as a browser would read it.
 */
export function detectXss(value: ByteString): Detection | undefined {
  if (!mayBeScript.test(value)) return undefined
  const plain = withPlainCharacters(value).replaceAll('\0', '')
  const found = findScript(plain)
  if (found !== undefined) return detectionAt(plain, found)
  // Filters take an empty tag out, and what it parted stands together: onm<>ouseover="ale<>rt(1)
  if (plain.includes('<>') && findScript(plain.replaceAll('<>', '')) !== undefined)
    return detectionAt(plain, plain.indexOf('<>'))
  const unescaped = decodeScriptEscapes(plain)
  const hidden = unescaped === plain ? undefined : findScript(unescaped)
  return hidden === undefined ? undefined : detectionAt(unescaped, hidden)
}

// What no script and no markup does without.
const mayBeScript = /[<=(`\\[]|script\s*:|s\s*c\s*r\s*i\s*p\s*t\s*:|&|data:|\+AD|document\.|\xef|\xca/i

function findScript(value: string): number | undefined {
  if (isScriptAddress(value)) return 0
  const inDocument = isDocument(value)
  for (const context of inDocument ? dataOnly : contexts) {
    if (!mayStandIn(value, context)) continue
    const found = findMarkup(value, context, inDocument)
    if (found !== undefined) return found
  }
  const found = findTagBreakout(value) ?? findOpenAddress(value) ?? findLegacyEncoding(value)
  if (found !== undefined || isLinesOfCode(value)) return found
  return findScriptBreakout(value) ?? placeOf(value, findScriptSign(value))
}

/**
 * Whether a value is a piece of a program: lines, of which some begin as those of programs do. No literal that it could be put into goes
 * over a line break, so that what it calls is not called there.
 */
function isLinesOfCode(value: string): boolean {
  return lines.test(value) && beginningOfCode.test(value)
}

const lines = /^(?:```|(?![\s)}\];>]))[^\r\n'"`<]*\r?\n[^\r\n]*\r?\n[^\r\n]*\r?\n/
const beginningOfCode =
  /(?:^|\n)[ \t]{0,40}(?:```|(?:export )?(?:const|let|var|function|class|import|async|def|public|private|return|if|for|while)\b[ (]|\/\/ |# |\* |- |[\w.]{1,40}\()/

function placeOf(value: string, sign: Detection | undefined): number | undefined {
  return sign === undefined ? undefined : value.indexOf(sign.evidence)
}

const contexts: readonly MarkupContext[] = ['data', 'unquoted', "'", '"', '`']
/** A page begins with its own tags, wherever it is put. */
const dataOnly: readonly MarkupContext[] = ['data']

function mayStandIn(value: string, context: MarkupContext): boolean {
  if (context === 'data') return value.includes('<')
  if (!value.includes('=') || (context !== 'unquoted' && !value.includes(context))) return false
  return attributeSigns.test(value)
}

// What an attribute that runs something has in it: a handler's or style's name, a scheme that runs, with the white
// space that browsers read over, or a character reference that could hide one; or another tag follows.
const gap = String.raw`[\0-\x20\x7f]*`
const spaced = (words: readonly string[]): string => words.map((word) => word.split('').join(gap)).join('|')
const schemes = String.raw`${spaced(['ipt:', 'source:'])}|(?<![a-z])(?:${spaced(['mhtml:', 'jar:', 'res:', 'its:', 'mk:', 'feed:', 'data:'])})`
const attributeSigns = new RegExp(
  String.raw`on[a-z]{2}|style|srcdoc|src\s{0,9}=|<|&(?:#|amp|lt|gt|quot|apos|grave|tab|newline|colon|semi|lpar|rpar|lsqb|rsqb|sol|bsol|period|comma|equals|plus|excl|num|percnt|dollar|nbsp|zerow)|${schemes}`,
  'i',
)

function findMarkup(value: string, context: MarkupContext, inDocument: boolean): number | undefined {
  const finder = new DangerFinder(value, inDocument)
  return readMarkup(value, context, finder) ? finder.found : undefined
}

/** Remembers where the first dangerous piece of markup began. */
class DangerFinder implements MarkupVisitor {
  found = 0
  readonly #value: string
  readonly #inDocument: boolean
  #styleEnd = 0
  readonly #nested: boolean

  /** `nested` for the value of an attribute, inside which no further attribute's value is read as markup. */
  constructor(value: string, inDocument: boolean, nested = false) {
    this.#value = value
    this.#inDocument = inDocument
    this.#nested = nested
  }

  tag(name: string, start: number): boolean {
    return this.#report(name === 'style' ? this.#styles(start) : this.#runs(name, start), start)
  }

  attribute(attribute: Attribute, tag: string): boolean {
    return this.#report(
      isDangerousAttribute(attribute, tag, this.#inDocument) || this.#hidesMarkup(attribute),
      attribute.start,
    )
  }

  endTag(name: string, start: number): boolean {
    return this.#report(!(this.#inDocument && name === 'script') && this.#runs(name, start), start)
  }

  declaration(text: string, start: number): boolean {
    if (this.#inDocument && isCondition(text)) return false
    return this.#report(dangerousDeclaration.test(text), start)
  }

  #runs(name: string, start: number): boolean {
    if (!isRunningElement(name)) return false
    if (this.#inDocument && isPassiveInDocument(name)) return false
    const text = this.#value.slice(start, start + longestStyle)
    if (this.#inDocument && name === 'script' && isDataScript(text)) return false
    return !(isMention(text) && isBehindSentence(this.#value, start))
  }

  /** A style element with rules in it, rather than a mention of the element; in a document with rules that run something. */
  #styles(start: number): boolean {
    if (!this.#inDocument) return /[{@=(]|<\/style/i.test(this.#value.slice(start, start + longestStyle))
    // What stands in the element was read with it.
    if (start < this.#styleEnd) return false
    const end = this.#value.indexOf('</style', start)
    this.#styleEnd = end === -1 ? this.#value.length : end
    return isRunningStyle(this.#value.slice(start, this.#styleEnd), true)
  }

  /** Parsers disagree about where a value ends, so that what is a value to one is a tag to the other. */
  #hidesMarkup({ value }: Attribute): boolean {
    if (this.#nested || value === undefined || !value.includes('<')) return false
    return readMarkup(value, 'data', new DangerFinder(value, false, true))
  }

  #report(dangerous: boolean, start: number): boolean {
    if (dangerous) this.found = start
    return dangerous
  }
}

const longestStyle = 2000

/** A tag without attributes, and then a word or the end of a sentence or of the code that quotes it: somebody writes about tags. */
function isMention(text: string): boolean {
  return (
    /^<\/?[a-z]{1,20}\s?\/?>(?:[`'")]{0,2}[\s.,;:?!]\s{0,2}[a-z'"`(]?|[`'")]{1,2}$|$)/i.test(text) &&
    !/<\/|\(/.test(text.slice(1))
  )
}

const dangerousDeclaration =
  /^<(?:!(?:DOCTYPE\s[^>]*(?:\[|SYSTEM|PUBLIC\s+["'][^"']*["']\s+["'](?!http:\/\/www\.w3\.org))|ENTITY|ATTLIST|ELEMENT|--\s*\[\s*if|--#(?:exec|include|echo|printenv|set|config|fsize|flastmod)\b|\[if|\[CDATA\[[^\]]*<|--[^`>]*`[^`]*>)|\?(?:import|xml-stylesheet|php|=|xml:namespace))/i

/** A tag behind a quote and the end of a tag that the value did not begin: `"><h1>`. */
function findTagBreakout(value: string): number | undefined {
  const tag = value.indexOf('<')
  return tag > 0 &&
    /["'`]\s{0,9}\/?>{1,4}\s{0,9}$/.test(value.slice(Math.max(0, tag - 24), tag)) &&
    /^<[a-z!/]/i.test(value.slice(tag, tag + 2))
    ? tag
    : undefined
}

/** An address in quotes that nothing closes: the page behind it, with its secrets, would be sent there. */
function findOpenAddress(value: string): number | undefined {
  const tag = value.lastIndexOf('<')
  return tag !== -1 && openAddress.test(value.slice(tag, tag + longestTag)) ? tag : undefined
}

const longestTag = 500
const openAddress =
  /^<[a-z][^<>]{0,200}[\s"'/](?:src|href|action|formaction|poster|background|data)\s{0,9}=\s{0,9}(["'])(?:https?:)?\/\/[^"'<>]{0,200}$/i

/** `+ADw-script+AD4-`: markup in UTF-7, for pages whose charset a browser guesses. */
function findLegacyEncoding(value: string): number | undefined {
  const at = value.search(/\+ADw-?(?:\/|\w|\+)/)
  return at === -1 ? undefined : at
}
