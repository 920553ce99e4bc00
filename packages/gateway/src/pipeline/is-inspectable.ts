/**
 * Whether guards can make sense of a body of this media type, so that it is worth holding: text, JSON, XML, forms,
 * and what does not say. Everything else (images, archives) and event streams flow past unseen, but for errors: those are
 * looked through whatever they call themselves, since a stack trace is one in MessagePack too.
 * @param more media types that some guard wants to see besides
 */
export function isInspectable(
  contentType: string | undefined,
  status: number,
  more: ReadonlySet<string>,
): boolean {
  if (contentType === undefined) return true
  if (status >= 400) return !contentType.trimStart().toLowerCase().startsWith(eventStream)
  const known = decisions.get(contentType)
  if (known !== undefined) return known || (more.size > 0 && isListed(contentType, more))
  const decision = decide(contentType)
  // Services use a handful of content types; the bound keeps an odd one from filling memory.
  if (decisions.size < 500) decisions.set(contentType, decision)
  return decision || isListed(contentType, more)
}

function isListed(contentType: string, more: ReadonlySet<string>): boolean {
  const mediaType = mediaTypeOf(contentType)
  return mediaType !== eventStream && more.has(mediaType)
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

const eventStream = 'text/event-stream'

const decisions = new Map<string, boolean>()

function decide(contentType: string): boolean {
  const mediaType = mediaTypeOf(contentType)
  if (mediaType === eventStream) return false
  if (mediaType.startsWith('text/')) return true
  return /^application\/(?:[a-z0-9.!#$&^_-]{1,100}\+)?(?:json|xml|x-www-form-urlencoded|problem\+json|javascript)$/.test(
    mediaType,
  )
}
