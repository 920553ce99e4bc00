import type { ByteString } from '../../language/bytes.ts'
import { ArgumentWriter } from '../argument-writer.ts'
import { isAllBlank } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodySink } from '../body-sink.ts'
import { isAsciiSuperset, readText } from '../encoding/charset.ts'
import type { XmlVisitor } from './walk-xml.ts'
import { walkXml } from './walk-xml.ts'

/**
 * Reads an XML document into `XML:/*` and `XML://@*`: every element's own text as one value, every attribute as another.
 * Where text and elements stand side by side, the document's whole text is one value more, as a backend that asks for an
 * element's text gets it. A document that is not well-formed, or has a DTD that is more than a name, is an error and as a
 * whole one more text.
 */
export function readXml(
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
): BodyReading {
  const { text, error } = readText(body, contentType)
  if (isAllBlank(text)) return readingOf(error)
  const values = new XmlValues(new ArgumentWriter(sink, limits))
  const mistake = walkXml(text, limits, values) ?? values.finish()
  if (mistake !== undefined) sink.add('XML', textPath, text)
  return readingOf(mistake ?? error ?? encodingMistake(text))
}

class XmlValues implements XmlVisitor {
  readonly #writer: ArgumentWriter
  /** Each open element's own text so far. */
  readonly #texts: string[] = []
  /** Whether each open element has had an element within it. */
  readonly #hasChild: boolean[] = []
  #whole = ''
  #isMixed = false

  constructor(writer: ArgumentWriter) {
    this.#writer = writer
  }

  open(): undefined {
    if (this.#hasChild.length > 0) this.#hasChild[this.#hasChild.length - 1] = true
    this.#texts.push('')
    this.#hasChild.push(false)
  }

  text(value: ByteString): undefined {
    this.#texts[this.#texts.length - 1] += value
    this.#whole += value
  }

  attribute(name: ByteString, value: ByteString): string | undefined {
    const isNamespace = (name === 'xmlns' || name.startsWith('xmlns:')) && namespaceName.test(value)
    return isNamespace ? undefined : this.#writer.add('XML', attributePath, value)
  }

  declaration(value: ByteString): string | undefined {
    return this.#writer.add('XML', textPath, value)
  }

  close(): string | undefined {
    const text = this.#texts.pop() as ByteString
    const hadChild = this.#hasChild.pop() === true
    if (isAllBlank(text)) return undefined
    this.#isMixed ||= hadChild
    return this.#writer.add('XML', textPath, text)
  }

  finish(): string | undefined {
    return this.#isMixed ? this.#writer.add('XML', textPath, this.#whole as ByteString) : undefined
  }
}

const textPath = '/*' as ByteString
const attributePath = '//@*' as ByteString

// A namespace's name is no data of the document; anything that does not look like one is inspected as an attribute.
const namespaceName = /^(?:https?:\/\/|urn:)[A-Za-z0-9._:/#-]*$/

const declaredEncoding = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"'>]{0,40})["']/

function encodingMistake(text: ByteString): string | undefined {
  const encoding = declaredEncoding.exec(text)?.[1]?.toLowerCase()
  // UTF-16 was recognised by its bytes and is UTF-8 by now, so its declaration is no mistake where it was true.
  if (encoding === undefined || encoding.startsWith('utf-16') || isAsciiSuperset(encoding)) return undefined
  return 'an encoding in which ASCII bytes are no ASCII characters'
}
