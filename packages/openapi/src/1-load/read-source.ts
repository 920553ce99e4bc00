import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The largest file that is read, in bytes. GitHub's own document has 13 MB. */
const maxFileBytes = 64 * 1024 * 1024
/** The largest document taken from the network, in bytes. */
const maxNetworkBytes = 5 * 1024 * 1024
const networkDeadline = 10_000

/** A text, or why there is none and what helps. */
type SourceText =
  { readonly text: string } | { readonly code: string; readonly message: string; readonly fix?: string }

/** Reads a local file or, where allowed, an https address: 10 s and 5 MB at most, no redirects. */
export async function readSource(url: URL, allowNetwork: boolean): Promise<SourceText> {
  try {
    if (url.protocol === 'file:') return await readLocal(fileURLToPath(url))
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return unreadable(url)
    if (!allowNetwork || url.protocol === 'http:') return forbidden(url)
    return await readNetwork(url)
  } catch (error) {
    return { code: 'unreadable-file', message: `${nameOf(url)} cannot be read: ${reasonOf(error)}` }
  }
}

async function readLocal(path: string): Promise<SourceText> {
  const found = await stat(path)
  // A device or pipe has no end, or none that comes by itself.
  if (!found.isFile()) throw new Error('it is no file')
  if (found.size > maxFileBytes) return tooLarge(path, maxFileBytes)
  return decode(await readFile(path), path)
}

async function readNetwork(url: URL): Promise<SourceText> {
  // A redirect could lead where the operator did not point: to http, or into the own network.
  const signal = AbortSignal.timeout(networkDeadline)
  const response = await fetch(url, { redirect: 'error', signal })
  if (!response.ok) throw new Error(`it answered ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxNetworkBytes) return tooLarge(url.href, maxNetworkBytes)
    chunks.push(chunk)
  }
  return decode(Buffer.concat(chunks), url.href)
}

function decode(bytes: Uint8Array, name: string): SourceText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { code: 'not-utf-8', message: `${name} is not UTF-8 text`, fix: 'save it as UTF-8' }
  }
}

function unreadable(url: URL): SourceText {
  const message = `${url.protocol} addresses are not read, only files and https`
  return { code: 'unreadable-file', message }
}

function forbidden(url: URL): SourceText {
  return url.protocol === 'http:'
    ? {
        code: 'network-reference',
        message: `${url.href} would be read over plain http, where anyone on the way can change it`,
        fix: 'use https, or save it as a local file',
      }
    : {
        code: 'network-reference',
        message: `${url.href} is on the network, and a contract is read from local files only`,
        fix: 'save it as a local file, or allow network references',
      }
}

function tooLarge(name: string, limit: number): SourceText {
  return { code: 'file-too-large', message: `${name} is larger than ${limit / 1024 / 1024} MB` }
}

function nameOf(url: URL): string {
  return url.protocol === 'file:' ? fileURLToPath(url) : url.href
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'ENOENT') return 'there is no such file'
  return error.cause instanceof Error ? error.cause.message : error.message
}
