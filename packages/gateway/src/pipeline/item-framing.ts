import type { ItemFraming } from '../exchange/json-items.ts'

/** How a media type of JSON lines parts its texts: `application/json-seq` and `+json-seq` by RFC 7464, all others by lines. */
export function framingOf(contentType: string): Exclude<ItemFraming, 'list'> {
  return sequenceType.test(contentType) ? 'sequence' : 'lines'
}

const sequenceType = /^[^;]*json-seq[ \t]*(?:;|$)/i
