import { stat, open } from 'node:fs/promises'
import type { Dispatcher } from 'undici'
import { fetchDocument, maximumDocumentBytes, toTrustworthyUrl } from './fetch-document.ts'

/** Where a key set comes from. */
export type KeySourceLocation =
  | { readonly kind: 'url' | 'file'; readonly location: string }
  | { readonly kind: 'discovery'; readonly issuer: string }

/** Reads the text of one JWK Set. */
export interface KeySource {
  /** For people: the URL or file. */
  readonly name: string
  read(stop: AbortSignal): Promise<string>
  /** A text that is another one after the set has changed, where that is cheap to know (files). */
  version?(): Promise<string>
}

/** How to read the set at a location. */
export function openKeySource(location: KeySourceLocation, dispatcher: Dispatcher): KeySource {
  if (location.kind === 'file') return fileSource(location.location)
  if (location.kind === 'discovery') return discoverySource(location.issuer, dispatcher)
  return { name: location.location, read: (stop) => fetchDocument(location.location, dispatcher, stop) }
}

function fileSource(file: string): KeySource {
  return {
    name: file,
    read: () => readBounded(file),
    async version() {
      // Inode and times, since tools replace a file by renaming another over it.
      const { ino, size, mtimeMs, ctimeMs } = await stat(file)
      return `${ino} ${size} ${mtimeMs} ${ctimeMs}`
    },
  }
}

async function readBounded(file: string): Promise<string> {
  await using handle = await open(file, 'r')
  const { size } = await handle.stat()
  if (size > maximumDocumentBytes) throw new Error(`${file} is longer than ${maximumDocumentBytes} bytes`)
  return handle.readFile('utf8')
}

// OpenID Connect Discovery 1.0 section 4; RFC 8414 for servers that are not OpenID providers.
function discoverySource(issuer: string, dispatcher: Dispatcher): KeySource {
  return {
    name: issuer,
    async read(stop) {
      const metadata = await fetchMetadata(issuer, dispatcher, stop)
      return fetchDocument(keysLocation(metadata, issuer), dispatcher, stop)
    },
  }
}

async function fetchMetadata(issuer: string, dispatcher: Dispatcher, stop: AbortSignal): Promise<string> {
  const [openId, authorizationServer] = metadataLocations(issuer)
  try {
    return await fetchDocument(openId, dispatcher, stop)
  } catch (thrown) {
    if (stop.aborted) throw thrown
    return await fetchDocument(authorizationServer, dispatcher, stop).catch(() => Promise.reject(thrown))
  }
}

/** Where an issuer's metadata can be: after its path (OpenID), or before it (RFC 8414 section 3). */
function metadataLocations(issuer: string): readonly [openId: string, authorizationServer: string] {
  const { origin, pathname } = toTrustworthyUrl(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

function keysLocation(text: string, issuer: string): string {
  const metadata: unknown = JSON.parse(text)
  const { issuer: named, jwks_uri: location } = (metadata ?? {}) as Record<string, unknown>
  // RFC 8414 section 3.3: without this, one issuer could speak for another.
  if (named !== issuer)
    throw new Error(`the metadata is of another issuer: ${JSON.stringify(named)?.slice(0, 200)}`)
  if (typeof location !== 'string') throw new Error('the metadata has no jwks_uri')
  const [keys, home] = [toTrustworthyUrl(location), toTrustworthyUrl(issuer)]
  if (keys.protocol !== 'https:' && home.protocol === 'https:') throw new Error('the jwks_uri is not https')
  return location
}
