import { defineProblem, type Problem } from '@gateward/kernel'
import type { CredentialSource } from './credential.ts'
import type { Requirements } from './requirements.ts'

/** The 401 answers of one operation, with their `WWW-Authenticate` (RFC 9110 section 11.6.1) made once. */
export interface Refusals {
  /** No credential was presented. */
  readonly missing: Problem
  /** Good credentials were presented, and others are needed as well. */
  readonly incomplete: Problem
  /** A credential was presented and is not accepted; `reason` is for the log alone. */
  refused(source: CredentialSource, reason: string): Problem
}

/** Compiles the refusals of an operation. */
export function compileRefusals({ sources }: Requirements, realm: string): Refusals {
  const plain = challenges(sources, realm, '')
  // RFC 6750 section 3.1: who showed no token is told no error.
  const invalidToken = challenges(sources, realm, ', error="invalid_token"')
  return {
    missing: defineProblem('UNAUTHENTICATED', 'no credential was presented', { headers: plain }),
    incomplete: defineProblem('UNAUTHENTICATED', 'the credentials meet no alternative of the contract', {
      headers: plain,
    }),
    refused: (source, reason) =>
      defineProblem('UNAUTHENTICATED', reason, { headers: source.kind === 'bearer' ? invalidToken : plain }),
  }
}

function challenges(
  sources: readonly CredentialSource[],
  realm: string,
  bearerError: string,
): readonly (readonly [string, string])[] {
  return sources.map((source) => [
    'www-authenticate',
    source.kind === 'bearer'
      ? `Bearer realm="${realm}"${bearerError}`
      : `ApiKey realm="${realm}", ${source.in}="${quote(source.name)}"`,
  ])
}

// RFC 9110 section 5.6.4; a contract may name its keys as it likes.
function quote(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')
}
