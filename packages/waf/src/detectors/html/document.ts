/**
 * Whether a value is a whole page of HTML, as mail is: it begins as a document does, and closes what it opened. What describes a page and
 * how it looks belongs to it; what runs does not.
 */
export function isDocument(value: string): boolean {
  return value.length > shortestDocument && opening.test(value.slice(0, longestHead)) && closing.test(value)
}

const shortestDocument = 100
const longestHead = 2000
const opening = /<!doctype\s{1,9}html|<html[\s>]|<mjml[\s>]|<head[\s>]/i
const closing = /<\/(?:html|body|table|mjml)\s{0,9}>/i

/** Whether an element does nothing in a document by being there: pictures that are drawn, what is shown without scripts, the XML of Office. */
export function isPassiveInDocument(name: string): boolean {
  return name === 'svg' || name === 'noscript' || name === 'xml'
}

/** A comment that asks which reader of mail it is in. */
export function isCondition(declaration: string): boolean {
  return condition.test(declaration)
}

const condition = /^<!(?:--)?\s{0,4}(?:<!(?:--)?)?\s{0,4}\[\s{0,4}(?:if|endif)\b/i

/** Whether a script element holds data for whoever reads mail by machine (JSON-LD), in which nothing runs. */
export function isDataScript(text: string): boolean {
  return /^<script\s{1,9}type\s{0,9}=\s{0,9}["']?application\/(?:ld[+ ])?json["']?\s{0,9}>[^<]{0,20000}<\/script/i.test(
    text,
  )
}
