import type { Certificate, CertificateSource } from './certificate-source.ts'

/**
 * Several certificates on one port: each client gets the one for the name that it asks for (SNI, RFC 6066 section 3), and
 * the first one where none holds that name.
 */
export class CertificateChoice implements CertificateSource {
  readonly #sources: readonly [first: CertificateSource, ...more: CertificateSource[]]
  readonly #listeners = new Set<(certificate: Certificate) => void>()
  #byName: ReadonlyMap<string, Certificate>

  constructor(first: CertificateSource, more: readonly CertificateSource[]) {
    this.#sources = [first, ...more]
    this.#byName = this.#index()
    for (const source of this.#sources) source.onChange((certificate) => this.#changed(certificate))
  }

  get current(): Certificate {
    return this.#sources[0].current
  }

  /** The certificates that are served now. */
  get all(): readonly Certificate[] {
    return this.#sources.map(({ current }) => current)
  }

  choose(serverName: string): Certificate | undefined {
    const name = serverName.toLowerCase()
    const dot = name.indexOf('.')
    // A wildcard stands for one label (RFC 6125 section 6.4.3).
    return this.#byName.get(name) ?? (dot > 0 ? this.#byName.get(`*${name.slice(dot)}`) : undefined)
  }

  onChange(callback: (certificate: Certificate) => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sources.map((source) => source[Symbol.asyncDispose]()))
  }

  #changed(certificate: Certificate): void {
    this.#byName = this.#index()
    for (const listener of this.#listeners) listener(certificate)
  }

  // Where two hold one name, the one that is written first counts.
  #index(): ReadonlyMap<string, Certificate> {
    const byName = new Map<string, Certificate>()
    for (const { current } of this.#sources)
      for (const name of current.names) if (!byName.has(name)) byName.set(name, current)
    return byName
  }
}
