import type { Clock, Diagnostic } from '@gateward/kernel'
import { openCertificateFiles } from './certificate-files.ts'
import type { CertificateSource } from './certificate-source.ts'
import { ensureDevelopmentCertificate } from './development-certificate.ts'

/** The certificate that the gateway serves, and the authority to trust where it is a development certificate. */
export interface OpenCertificates extends CertificateSource {
  /** Path of the development authority's certificate; `undefined` where the operator brought files. */
  readonly authority: string | undefined
}

/** Opens the operator's certificate files, or the development certificate that is made in the data folder. */
export async function openCertificates(options: {
  readonly dataDirectory: string
  readonly files: { readonly cert: string; readonly key: string } | undefined
  readonly clock: Clock
  report(diagnostic: Diagnostic): void
}): Promise<OpenCertificates> {
  const { dataDirectory, files, clock } = options
  const report = (diagnostic: Diagnostic): void => options.report(diagnostic)
  const development =
    files === undefined ? await ensureDevelopmentCertificate(dataDirectory, clock) : undefined
  const source = await openCertificateFiles({
    certificate: development?.certificate ?? files?.cert ?? '',
    key: development?.key ?? files?.key ?? '',
    report,
  })
  return {
    authority: development?.authority,
    get current() {
      return source.current
    },
    onChange: (callback) => source.onChange(callback),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  }
}
