/** Whether a reference names an anchor of a schema. */
export function isAnchor(reference: string): boolean {
  return reference.startsWith('#') && reference.length > 1 && !/^#(?:\/|%2f)/i.test(reference)
}

/** The address that a reference means at a base; as it stands where it has none. */
export function toAddress(reference: string, base: string): string {
  const root = 'https://document.invalid/'
  return URL.canParse(base, root) && URL.canParse(reference, new URL(base, root).href)
    ? new URL(reference, new URL(base, root)).href.replace(/#$/, '')
    : reference
}

/** A pointer as a URL's fragment: what may not stand there as it is is escaped, the rest stays readable. */
export function encodeFragment(pointer: string): string {
  return pointer.replace(/[%"<>`\s^\\{|}]/g, encodeURIComponent)
}

/** The file that a URL leads to. */
export function withoutFragment(url: URL): URL {
  const bare = new URL(url)
  bare.hash = ''
  return bare
}
