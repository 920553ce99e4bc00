import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@gateward/kernel'
import type { CertificateSource } from './certificate-source.ts'
import { openCertificateFiles } from './certificate-files.ts'
import { ensureDevelopmentCertificate } from './development-certificate.ts'

/** A development certificate in a folder of its own, which is gone with it. */
export interface TestCertificates extends AsyncDisposable {
  readonly source: CertificateSource
  /** What a client has to trust, PEM. */
  readonly authority: Buffer
}

/** Makes a development certificate for one test file. */
export async function openTestCertificates(): Promise<TestCertificates> {
  const directory = await mkdtemp(join(tmpdir(), 'gateward-tls-'))
  const files = await ensureDevelopmentCertificate(directory, systemClock)
  const complain = (diagnostic: { readonly message: string }) => {
    throw new Error(diagnostic.message)
  }
  const source = await openCertificateFiles({ ...files, report: complain })
  return {
    source,
    authority: await readFile(files.authority),
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
