import { webcrypto, X509Certificate } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Clock } from '@gateward/kernel'
import type { CertificatePair } from './issue-certificate.ts'

/** Where the development certificate and the authority that signed it lie. */
export interface DevelopmentCertificate {
  /** The authority's certificate, for clients to trust: `curl --cacert`. */
  readonly authority: string
  /** The server's certificate chain, PEM. */
  readonly certificate: string
  /** The server's private key, PEM, readable by its owner alone. */
  readonly key: string
}

/**
 * Makes sure that there is a certificate for this machine's own names under `directory`, signed by an authority that is made
 * once and kept: `ca.pem`, and under `tls/` the keys and the server's certificate. What is there and good is left as it is;
 * a server certificate with less than 30 days to go, or without one of the names, is made anew.
 * Rejects where the folder cannot be written.
 */
export async function ensureDevelopmentCertificate(
  directory: string,
  clock: Clock,
  extraNames: readonly string[] = [],
): Promise<DevelopmentCertificate> {
  const names = [...new Set(['localhost', hostname().toLowerCase(), ...extraNames, '127.0.0.1', '::1'])]
  const paths = {
    authority: join(directory, 'ca.pem'),
    authorityKey: join(directory, 'tls', 'ca-key.pem'),
    certificate: join(directory, 'tls', 'server.pem'),
    key: join(directory, 'tls', 'server-key.pem'),
  }
  await mkdir(join(directory, 'tls'), { recursive: true, mode: 0o700 })
  const kept = await readPair(paths.authority, paths.authorityKey)
  const authority =
    kept !== undefined && isGood(kept, [], clock) ? kept : await (await loadIssuer()).createAuthority(clock)
  if (authority !== kept) await writePair(paths.authority, paths.authorityKey, authority)
  const server = await readPair(paths.certificate, paths.key)
  if (server === undefined || !isGood(server, names, clock) || !isSignedBy(server, authority)) {
    await writePair(
      paths.certificate,
      paths.key,
      await (await loadIssuer()).issueCertificate(authority, names, clock),
    )
  }
  return { authority: paths.authority, certificate: paths.certificate, key: paths.key }
}

// The certificate library takes longer to load than the rest of the gateway, and most starts have nothing to issue.
function loadIssuer() {
  return import('./issue-certificate.ts')
}

async function readPair(certificate: string, key: string): Promise<CertificatePair | undefined> {
  try {
    return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function isGood(pair: CertificatePair, names: readonly string[], clock: Clock): boolean {
  try {
    const certificate = new X509Certificate(pair.certificate)
    const left = Date.parse(certificate.validTo) - clock.now()
    return left > renewBefore && names.every((name) => isFor(certificate, name))
  } catch {
    // A file that somebody cut short is made anew like one that is missing.
    return false
  }
}

function isFor(certificate: X509Certificate, name: string): boolean {
  return (certificate.checkHost(name) ?? certificate.checkIP(name)) !== undefined
}

function isSignedBy(server: CertificatePair, authority: CertificatePair): boolean {
  return new X509Certificate(server.certificate).verify(new X509Certificate(authority.certificate).publicKey)
}

async function writePair(certificate: string, key: string, pair: CertificatePair): Promise<void> {
  await writeWhole(key, pair.key, 0o600)
  await writeWhole(certificate, pair.certificate, 0o644)
}

/** Writes a file so that whoever reads it meanwhile finds the old one or the new one, and a key is never open to others. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = join(dirname(path), `.${webcrypto.randomUUID()}`)
  try {
    await writeFile(draft, text, { mode, flag: 'wx' })
    const file = await open(draft, 'r')
    await file.sync()
    await file.close()
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

const renewBefore = 30 * 86_400_000
