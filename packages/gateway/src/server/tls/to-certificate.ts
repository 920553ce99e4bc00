import type { X509Certificate } from 'node:crypto'
import type { Certificate } from './certificate-source.ts'

/**
 * What a listener needs to know of a certificate.
 * @param leaf the first certificate of the chain
 * @param cert the chain, PEM
 * @param key the leaf's private key, PEM
 */
export function toCertificate(leaf: X509Certificate, cert: string, key: string): Certificate {
  return {
    context: { cert, key },
    names: dnsNames(leaf),
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
  }
}

// A name with a comma or a quote in it comes quoted; no host that a client asks for is spelt so.
function dnsNames({ subjectAltName }: X509Certificate): readonly string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .filter((name) => /^DNS:[\w*.-]+$/.test(name))
    .map((name) => name.slice('DNS:'.length).toLowerCase())
}
