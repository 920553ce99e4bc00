import { constants } from 'node:crypto'
import type { TlsOptions } from 'node:tls'

/** A set of versions, ciphers and groups as Mozilla's guidelines name it; there is none below TLS 1.2. */
export type TlsProfile = 'intermediate' | 'modern'

/**
 * What `node:tls` takes for a profile of Mozilla's Server Side TLS guidelines, version 5.7. The server's order of ciphers
 * counts; all of them are strong, and auditors ask for it. Renegotiation and compression are off.
 */
export function toSecureOptions(
  profile: TlsProfile,
): Pick<
  TlsOptions,
  'minVersion' | 'maxVersion' | 'ciphers' | 'ecdhCurve' | 'honorCipherOrder' | 'secureOptions'
> {
  return {
    minVersion: profile === 'modern' ? 'TLSv1.3' : 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: (profile === 'modern' ? modernCiphers : [...modernCiphers, ...intermediateCiphers]).join(':'),
    ecdhCurve: 'X25519MLKEM768:X25519:prime256v1:secp384r1',
    honorCipherOrder: true,
    // Node allows three a client in ten minutes, each of which costs the server a whole handshake (CVE-2011-1473).
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  }
}

const modernCiphers = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

// Forward secret and authenticated all; the DHE suites of the guideline are left out, as no client needs them and their
// handshake costs the server most.
const intermediateCiphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]
