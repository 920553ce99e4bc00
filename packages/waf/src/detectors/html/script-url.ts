import { decodeCharacterReferences } from './character-references.ts'

const ignored = /[\0-\x20\x7f]+/g
const scriptScheme =
  /^(?:java|vb|live|j|mocha)script:|^(?:mocha|view-source|mhtml|jar|res|ms-its|mk|feed):(?:java)?/i
const dataScheme = /^data:/i
const passiveData =
  /^data:(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:pdf|octet-stream|json|font)|text\/plain[;,])/i
const longestScheme = 200

/** Whether a browser that followed this attribute's value would run a script: references and white space are read as it does. */
export function isScriptUrl(attributeValue: string): boolean {
  const url = decodeCharacterReferences(attributeValue.slice(0, longestScheme * 4))
    .replace(ignored, '')
    .replace(/^[`'"]+/, '')
    .slice(0, longestScheme)
  if (scriptScheme.test(url)) return true
  return dataScheme.test(url) && !passiveData.test(url) && !/^data:[\w ]*$/i.test(url)
}

const scriptText = /^(?:java|vb)script:(?:[\w$.[\]'"/*!+~;,%\\-]*[(`=[]|\/[/*]|[%\\][ux\d])/i
const documentText =
  /^data:(?:text\/(?:html|xml|javascript)|image\/svg\+xml|application\/(?:xhtml\+xml|xml|javascript))[;,]/i

// The address of links that scripts of the page itself act on.
const doesNothing = /^javascript:(?:void\s?\(?0\)?|;|\/\/)?;?$/i

/** Whether a whole value is an address that runs code, rather than a sentence that begins with "JavaScript:". */
export function isScriptAddress(value: string): boolean {
  // White space inside the scheme is what browsers read over; after the scheme it would make prose of code.
  const address = decodeCharacterReferences(value.slice(0, longestScheme * 4)).replace(
    /^[\0-\x20]+|[\t\n\r]+/g,
    '',
  )
  if (doesNothing.test(address)) return false
  return scriptText.test(address) || documentText.test(address)
}
