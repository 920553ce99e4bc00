import { createPrivateKey, X509Certificate } from 'node:crypto'
import { watch, type FSWatcher } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { createSecureContext } from 'node:tls'
import { DiagnosticError, type Diagnostic } from '@gateward/kernel'
import type { Certificate, CertificateSource } from './certificate-source.ts'
import { toCertificate } from './to-certificate.ts'

export interface CertificateFiles {
  /** PEM: the leaf first, then its chain. */
  readonly certificate: string
  /** PEM, not encrypted. */
  readonly key: string
  /** Told why a changed pair was not taken; the pair before it stays. */
  report(diagnostic: Diagnostic): void
  /** Milliseconds between two looks at the files, for file systems that tell nothing of changes. */
  readonly pollInterval?: number
}

/**
 * Opens a certificate that lies in files, and takes it anew when they change. Both files are read until they fit each other,
 * since whoever renews them writes one after the other. Rejects with a {@link DiagnosticError} where they cannot be used.
 */
export async function openCertificateFiles(files: CertificateFiles): Promise<CertificateSource> {
  const first = await readCertificate(files)
  return new WatchedCertificate(files, first)
}

class WatchedCertificate implements CertificateSource {
  readonly #files: CertificateFiles
  readonly #listeners = new Set<(certificate: Certificate) => void>()
  readonly #watchers: FSWatcher[] = []
  readonly #poll: NodeJS.Timeout
  #current: Certificate
  #settling: NodeJS.Timeout | undefined
  #reading: Promise<void> | undefined
  #complaint = ''
  #closed = false

  constructor(files: CertificateFiles, first: Certificate) {
    this.#files = files
    this.#current = first
    // Whoever renews often puts new files in place of the old ones, so the folders are watched.
    for (const path of new Set([files.certificate, files.key])) this.#watch(path)
    this.#poll = setInterval(() => this.#look(), files.pollInterval ?? 30_000).unref()
  }

  get current(): Certificate {
    return this.#current
  }

  onChange(callback: (certificate: Certificate) => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearTimeout(this.#settling)
    clearInterval(this.#poll)
    for (const watcher of this.#watchers) watcher.close()
    this.#listeners.clear()
    await this.#reading
  }

  #watch(path: string): void {
    const name = basename(path)
    try {
      const watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
        // A link that is moved to another folder changes under a name of its own (`..data` in Kubernetes).
        if (changed === null || changed === name || changed.startsWith('..')) this.#lookSoon()
      })
      watcher.on('error', () => watcher.close())
      this.#watchers.push(watcher)
    } catch {
      // Out of watches, or a file system without them: the look every half minute remains.
    }
  }

  #lookSoon(): void {
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#look(), settleMilliseconds).unref()
  }

  #look(): void {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
  }

  async #read(): Promise<void> {
    try {
      this.#take(await readCertificate(this.#files))
    } catch (error) {
      this.#complain(error)
    }
  }

  #take(next: Certificate): void {
    this.#complaint = ''
    const { cert, key } = this.#current.context
    if (this.#closed || (next.context.cert === cert && next.context.key === key)) return
    this.#current = next
    for (const listener of this.#listeners) listener(next)
  }

  #complain(error: unknown): void {
    if (!(error instanceof DiagnosticError)) throw error
    // The same mistake is told once, not at every look.
    if (this.#closed || error.message === this.#complaint) return
    this.#complaint = error.message
    for (const diagnostic of error.diagnostics) this.#files.report(diagnostic)
  }
}

const settleMilliseconds = 200

async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const cert = await readText(files.certificate)
  const key = await readText(files.key)
  const leaf = parse(files.certificate, () => new X509Certificate(cert))
  const privateKey = parse(files.key, () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(privateKey)) {
    throw mistake(
      'certificate-mismatch',
      `the key ${files.key} is not the one of the certificate ${files.certificate}`,
      'put the key there that the certificate was requested with',
    )
  }
  parse(files.certificate, () => createSecureContext({ cert, key }))
  return toCertificate(leaf, cert, key)
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it failed'
    throw mistake(
      'certificate-unreadable',
      `${path} cannot be read: ${reason}`,
      'check the path and who may read it',
    )
  }
}

function parse<Value>(path: string, make: () => Value): Value {
  try {
    return make()
  } catch {
    // The library's message may quote the file, and the file may be a key.
    throw mistake(
      'certificate-malformed',
      `${path} is not usable PEM`,
      'write a certificate chain or an unencrypted key as PEM',
    )
  }
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}
