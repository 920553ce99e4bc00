/**
 * Whether guards can make sense of a body of this media type, so that it is worth holding: text, JSON, XML, forms,
 * and what does not say. Everything else (images, archives) and event streams flow past unseen, but for errors: those are
 * looked through whatever they call themselves, since a stack trace is one in MessagePack too.
 */
export function isInspectable(contentType: string | undefined, status: number): boolean {
  if (contentType === undefined) return true
  if (status >= 400) return !contentType.trimStart().toLowerCase().startsWith('text/event-stream')
  const known = decisions.get(contentType)
  if (known !== undefined) return known
  const decision = decide(contentType)
  // Services use a handful of content types; the bound keeps an odd one from filling memory.
  if (decisions.size < 500) decisions.set(contentType, decision)
  return decision
}

const decisions = new Map<string, boolean>()

function decide(contentType: string): boolean {
  const mediaType = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (mediaType === 'text/event-stream') return false
  if (mediaType.startsWith('text/')) return true
  return /^application\/(?:[a-z0-9.!#$&^_-]{1,100}\+)?(?:json|xml|x-www-form-urlencoded|problem\+json|javascript)$/.test(
    mediaType,
  )
}
