import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Diagnostic } from '@gateward/kernel'
import type { EndpointTls } from './http1/open-socket.ts'
import type { TlsSettings } from './settings.ts'

/** What all targets of an upstream have in common, once they are https. */
export type UpstreamTls = Pick<EndpointTls, 'context' | 'verify'>

/**
 * Reads the files that TLS settings name. Certificates are verified whatever the environment says, unless the
 * settings say otherwise, for which `checkUpstream` wants a waiver.
 */
export function readTlsOptions(
  name: string,
  settings: TlsSettings,
  report: (diagnostic: Diagnostic) => void,
): UpstreamTls {
  const read = (file: string | undefined): Buffer | undefined => readFile(name, file, report)
  const ca = read(settings.ca)
  const cert = read(settings.cert)
  const key = read(settings.key)
  const options = {
    minVersion: settings.minVersion,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  try {
    return { context: createSecureContext(options), verify: settings.verify }
  } catch (thrown) {
    report({
      code: 'upstream-tls',
      severity: 'error',
      message: `upstream "${name}": the certificates cannot be used (${messageOf(thrown)})`,
      fix: 'name PEM files, and the key that belongs to the certificate',
    })
    return { context: createSecureContext(), verify: true }
  }
}

function readFile(
  name: string,
  file: string | undefined,
  report: (diagnostic: Diagnostic) => void,
): Buffer | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file)
  } catch (thrown) {
    report({
      code: 'upstream-tls',
      severity: 'error',
      message: `upstream "${name}": ${file} cannot be read (${messageOf(thrown)})`,
      fix: 'make it readable for the gateway',
    })
    return undefined
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown) return String(thrown.code)
  return thrown instanceof Error ? thrown.message : String(thrown)
}
