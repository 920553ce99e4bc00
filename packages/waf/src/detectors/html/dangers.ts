import { decodeCharacterReferences } from './character-references.ts'
import type { Attribute } from './markup.ts'
import { isScriptUrl } from './script-url.ts'

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Elements that run or load something by being there. */
const runningElements = wordsOf(
  'script svg xsl xml isindex bgsound layer ilayer import handler listener vmlframe noscript noembed xss foreignobject portal fencedframe xi',
)

/** Elements that run or load what one of their attributes names. */
const loadingElements = wordsOf(
  'iframe object embed applet frame frameset base meta link set animate animatetransform animatemotion animatecolor discard feimage event-source param comment',
)

/** Attributes that make the loading elements load. */
const loadingAttributes = wordsOf(
  'src srcdoc data code codebase archive classid type href target http-equiv charset rel content attributename xlink:href to values from begin name value',
)

/** Whether a tag is dangerous by its name alone; a colon separates the prefix of an XML vocabulary. */
export function isRunningElement(name: string): boolean {
  const colon = name.indexOf(':')
  if (colon === -1) return runningElements.has(name)
  return runningElements.has(name.slice(0, colon)) || runningElements.has(name.slice(colon + 1))
}

/** Whether an element, made by whoever sent the value, runs a script or loads a document through this attribute. */
export function isDangerousAttribute(attribute: Attribute, tag: string, inDocument = false): boolean {
  const { name, value } = attribute
  if (isHandlerName(name)) return value !== undefined && (tag !== '' || knownHandlers.has(name))
  if (value === undefined) return false
  if (tag !== '' && loadingElements.has(tag) && loadingAttributes.has(name))
    return isLoading(tag, name, value, inDocument)
  if (name === 'style') return isRunningStyle(value, inDocument)
  if (hiddenHandler.test(value)) return true
  if (name === 'formaction') return tag !== ''
  // Behind a value without quotes, in the tag that it stands in: 42 src=//b.example/b.js
  if (name === 'src' && tag === '')
    return /^\s*(?:https?:)?\/\/[^\s"'<>]{1,200}\.m?js\b/i.test(value) || isScriptUrl(value)
  // What is drawn in a text refers to a part of itself; a link of MathML or SVG leads elsewhere.
  if (name === 'xlink:href' && !inDocument && /^\s*(?:https?:)?\/\//i.test(value)) return true
  if (name === 'srcdoc') return /<|&/.test(value)
  if (
    tag !== '' &&
    /^(?:xmlns|xsi:schemalocation|datasrc|datafld|dataformatas|dynsrc|lowsrc|ev:event)$/.test(name)
  )
    return name !== 'xmlns' || /<|on\w+=/i.test(value)
  return isScriptUrl(value)
}

function isLoading(tag: string, name: string, value: string, inDocument: boolean): boolean {
  if (tag === 'meta') return isRunningMeta(name, value)
  // A name without a value, as documentation in source code has it, loads nothing; nor does a link that does not say what for.
  if ((tag === 'param' && name === 'name') || (tag === 'link' && name === 'href')) return isScriptUrl(value)
  if (inDocument && tag === 'link') return isScriptUrl(value) || (name === 'rel' && /import/i.test(value))
  return !(inDocument && tag === 'base' && name === 'target')
}

/** Whether a meta element leads elsewhere, sets a field of the answer that matters, or changes how bytes are read. */
function isRunningMeta(name: string, value: string): boolean {
  if (name === 'name') return false
  if (name === 'http-equiv') return !describing.test(value)
  if (name === 'charset') return /utf-?7/i.test(value)
  return name !== 'content' || isScriptUrl(value) || /url\s*=|utf-?7/i.test(value)
}

const describing =
  /^\s*(?:content-(?:type|language|style-type)|x-ua-compatible|cache-control|expires|pragma|imagetoolbar)\s*$/i

// Some parsers end an unquoted value at its slash: <img src=x/onerror=…>.
const hiddenHandler = /^[^\s"'<>]{0,200}\/on[a-z]{4,24}=/i
const handlerName = /^(?:[\w-]{1,20}:)?on[a-z][a-z\d]+/
const harmlessNames = wordsOf(
  'one once only online ongoing onto ons onset onboarding onward onwards ontology onion onsite onus',
)

function isHandlerName(name: string): boolean {
  return handlerName.test(name) && !harmlessNames.has(name)
}

const knownHandlers = wordsOf(`
  onabort onactivate onafterprint onafterscriptexecute onanimationcancel onanimationend onanimationiteration onanimationstart
  onauxclick onbeforecopy onbeforecut onbeforeinput onbeforematch onbeforepaste onbeforeprint onbeforescriptexecute
  onbeforetoggle onbeforeunload onbegin onblur onbounce oncanplay oncanplaythrough onchange onclick onclose oncontentvisibilityautostatechange
  oncontextmenu oncopy oncuechange oncut ondblclick ondrag ondragend ondragenter ondragexit ondragleave ondragover
  ondragstart ondrop ondurationchange onend onended onerror onfinish onfocus onfocusin onfocusout onfullscreenchange
  onhashchange oninput oninvalid onkeydown onkeypress onkeyup onload onloadeddata onloadedmetadata onloadend onloadstart
  onlocation onmessage onmousedown onmouseenter onmouseleave onmousemove onmouseout onmouseover onmouseup onmousewheel
  onpagehide onpageshow onpaste onpause onplay onplaying onpointercancel onpointerdown onpointerenter onpointerleave
  onpointermove onpointerout onpointerover onpointerrawupdate onpointerup onpopstate onprogress onpropertychange
  onratechange onreadystatechange onrepeat onreset onresize onscroll onscrollend onscrollsnapchange onsearch onsecuritypolicyviolation
  onseeked onseeking onselect onselectionchange onselectstart onshow onstalled onstart onstorage onsubmit onsuspend
  ontimeupdate ontoggle ontouchcancel ontouchend ontouchmove ontouchstart ontransitioncancel ontransitionend
  ontransitionrun ontransitionstart onunhandledrejection onunload onvolumechange onwaiting onwebkitanimationend
  onwebkitanimationiteration onwebkitanimationstart onwebkitfullscreenchange onwebkitmouseforcechanged onwebkittransitionend onwheel
`)

const runningStyle =
  /expression\s*\(|javascript:|vbscript:|(?<!-)behaviou?r\s*:|-moz-binding|-o-link|-ms-(?:behaviou?r|filter)|binding\s*:/i
// What fetches: a page may, and where a value is only a part of one it is a way to tell others who reads it.
const fetchingStyle = /@import|@charset|url\s*\(\s*['"]?\s*(?!data:image)/i

/** Whether a style runs or fetches something; comments and escapes inside its words are read over, as a browser would. */
export function isRunningStyle(style: string, inDocument = false): boolean {
  const plain = withoutComments(decodeCharacterReferences(style))
    .replace(/\\0{0,4}([2-7][\da-fA-F])\s?/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\(?=[g-zG-Z])/g, '')
  return runningStyle.test(plain) || (!inDocument && fetchingStyle.test(plain))
}

/** The text without its closed comments; a single pass, so that comments which never close cost nothing. */
function withoutComments(text: string): string {
  let plain = ''
  let at = 0
  for (let open = text.indexOf('/*'); open !== -1; open = text.indexOf('/*', at)) {
    const close = text.indexOf('*/', open + 2)
    if (close === -1) break
    plain += text.slice(at, open)
    at = close + 2
  }
  return plain + text.slice(at)
}
