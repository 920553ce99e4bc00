import type { Diagnostic } from '@gateward/kernel'

/** Mistakes in the process's environment that would weaken every connection; an error must stop the start. */
export function checkEnvironment(env: Readonly<Record<string, string | undefined>>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    diagnostics.push({
      code: 'tls-unverified',
      severity: 'error',
      message: 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns TLS verification off for the whole process',
      fix: 'unset it, and name private certificate authorities in tls.ca of each upstream',
    })
  }
  if (/--tls-min-v1\.[01]\b|--insecure-http-parser\b/.test(env['NODE_OPTIONS'] ?? '')) {
    diagnostics.push({
      code: 'weak-runtime',
      severity: 'error',
      message: 'NODE_OPTIONS turns on old TLS versions or lenient parsing of HTTP',
      fix: 'remove --tls-min-v1.0, --tls-min-v1.1 and --insecure-http-parser',
    })
  }
  return diagnostics
}
