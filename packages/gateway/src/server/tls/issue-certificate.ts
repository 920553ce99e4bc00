// The certificate library's dependency injection needs it, and leaves it to its users.
// oxlint-disable-next-line import/no-unassigned-import -- it works by being there
import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { Clock } from '@gateward/kernel'

/** A certificate with its private key, both PEM; a server's certificate is followed by its authority's. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

/** Makes a certificate authority for development: ECDSA P-256, ten years, good for signing servers' certificates alone. */
export async function createAuthority(clock: Clock): Promise<CertificatePair> {
  const keys = await createKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity(clock, authorityDays),
      serialNumber: createSerialNumber(),
      // Two authorities on one machine must not have one name, or clients that trust both pick the wrong one.
      name: `CN=Gateward development CA ${randomBytes(3).toString('hex')}`,
      keys,
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, provider),
      ],
    },
    provider,
  )
  return { certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey) }
}

/**
 * Issues a server's certificate for host names and addresses: ECDSA P-256, 397 days (the longest that browsers take), or
 * as long as the authority lasts where that is shorter.
 */
export async function issueCertificate(
  authority: CertificatePair,
  names: readonly string[],
  clock: Clock,
): Promise<CertificatePair> {
  const issuer = new x509.X509Certificate(authority.certificate)
  const keys = await createKeys()
  const { notBefore, notAfter } = validity(clock, serverDays)
  const certificate = await x509.X509CertificateGenerator.create(
    {
      notBefore,
      notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
      serialNumber: createSerialNumber(),
      subject: `CN=${names[0] ?? 'localhost'}`,
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey: await importKey(authority.key),
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names.map(toGeneralName)),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, provider),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, provider),
      ],
    },
    provider,
  )
  return {
    certificate: `${certificate.toString('pem')}\n${authority.certificate}`,
    key: await exportKey(keys.privateKey),
  }
}

const provider = webcrypto
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
const signing = { name: 'ECDSA', hash: 'SHA-256' }
const authorityDays = 3_650
const serverDays = 397
const day = 86_400_000

function toGeneralName(name: string): x509.JsonGeneralName {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name }
}

/** From an hour ago, for clients whose clocks are behind. */
function validity(clock: Clock, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = clock.now()
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + days * day) }
}

/** 16 random bytes, the first without its sign bit and not zero (RFC 5280 section 4.1.2.2). */
function createSerialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40
  return bytes.toString('hex')
}

async function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return provider.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function exportKey(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await provider.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

async function importKey(pem: string): Promise<CryptoKey> {
  const bytes = x509.PemConverter.decodeFirst(pem)
  return provider.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
}
