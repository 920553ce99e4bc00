// The certificate library's dependency injection needs it, and leaves it to its users.
// oxlint-disable-next-line import/no-unassigned-import
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate and its key, PEM. */
export interface TestPair {
  readonly cert: string
  readonly key: string
}

/** A certificate authority of a test. */
export interface TestAuthority {
  readonly cert: string
  /** A certificate for names and addresses, good for an hour. */
  issue(names: readonly string[]): Promise<TestPair>
}

/** Makes a certificate authority that lives as long as the test. */
export async function createAuthority(): Promise<TestAuthority> {
  const keys = await generateKeys()
  const subject = 'CN=Test Authority'
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    keys,
    ...lifetime(),
    signingAlgorithm,
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  })
  return {
    cert: authority.toString('pem'),
    async issue(names) {
      const own = await generateKeys()
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${names[0] ?? 'test'}`,
        issuer: subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        ...lifetime(),
        signingAlgorithm,
        extensions: [
          new SubjectAlternativeNameExtension(
            names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
          ),
        ],
      })
      return { cert: certificate.toString('pem'), key: await toPem(own.privateKey) }
    },
  }
}

const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' }

async function generateKeys(): Promise<CryptoKeyPair> {
  return await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
}

function lifetime(): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) }
}

async function toPem(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
}

type CryptoKey = webcrypto.CryptoKey
type CryptoKeyPair = webcrypto.CryptoKeyPair
