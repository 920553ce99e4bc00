import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** A file of the dashboard, held in memory: there are a few dozen, of some hundred kilobytes together. */
interface StaticFile {
  readonly bytes: Buffer
  readonly headers: readonly string[]
  readonly etag: string
  /** The same as gzip, made when it is first asked for; `undefined`: it would not get smaller. */
  gzipped(): StaticFile | undefined
}

/** The built dashboard. */
export interface StaticFiles {
  /** The file of a path, or for a page's path the one page; `undefined`: there is none. */
  find(path: string): StaticFile | undefined
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/**
 * Reads the dashboard's folder once, so that no request ever chooses a file name. Other kinds of files than a browser
 * needs are left out. `undefined` where there is no built dashboard.
 */
export function readStaticFiles(folder: string): StaticFiles | undefined {
  const files = new Map<string, StaticFile>()
  for (const name of listFiles(folder)) {
    const type = types[extname(name)]
    if (type !== undefined) files.set(`/${name}`, toFile(readFileSync(join(folder, name)), type, name))
  }
  const page = files.get('/index.html')
  if (page === undefined) return undefined
  return { find: (path) => files.get(path) ?? (isPage(path) ? page : undefined) }
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
  } catch {
    return []
  }
}

function toFile(bytes: Buffer, type: string, name: string): StaticFile {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`
  // Vite puts a hash of the content into the names of what it builds: another content has another name.
  const caching = /^assets\/.+-[\w-]{8}\.\w+$/.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache'
  const headers = ['content-type', type, 'cache-control', caching, 'vary', 'accept-encoding']
  let gzipped: StaticFile | undefined
  return {
    bytes,
    etag,
    headers: [...headers, 'etag', etag],
    gzipped() {
      if (!isText(type)) return undefined
      gzipped ??= compress(bytes, headers, etag)
      return gzipped
    },
  }
}

/** Another representation has another tag (RFC 9110 section 8.8.3.3). */
function compress(bytes: Buffer, headers: readonly string[], etag: string): StaticFile {
  const tag = etag.replace(/"$/, '-gzip"')
  return {
    bytes: gzipSync(bytes, { level: 9 }),
    etag: tag,
    headers: [...headers, 'etag', tag, 'content-encoding', 'gzip'],
    gzipped: () => undefined,
  }
}

function isText(type: string): boolean {
  return /^text\/|json$|svg/.test(type)
}

/** The paths of pages have no dot: a missing file must not be answered with a page. */
function isPage(path: string): boolean {
  return !path.includes('.')
}
