import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { DiagnosticError, type Clock } from '@gateward/kernel'
import type { AcmeSettings } from '../config/acme-settings.ts'
import type { Configuration } from '../config/configuration.ts'
import { openCertificateFiles } from '../server/tls/certificate-files.ts'
import type { Finding } from './finding.ts'

const day = 86_400_000
const soon = 14

/** Whether the certificate can be served, and for how many days more. */
export async function checkCertificate(
  { listen, data }: Configuration,
  clock: Clock,
): Promise<readonly Finding[]> {
  if (listen.https === false) return []
  const { certificate, certificates, acme } = listen.https
  const pairs = certificate === undefined ? certificates : [certificate, ...certificates]
  const ordered = acme === undefined ? [] : [toOrderFinding(acme)]
  if (pairs.length === 0 && acme === undefined)
    return [
      finding(
        'warning',
        `a development certificate, signed by ${join(data, 'ca.pem')}`,
        'name your own in listen.https.certificate before others use it',
      ),
    ]
  const checked = await Promise.all(pairs.map((pair) => checkPair(pair, clock)))
  return [...ordered, ...checked.flat()]
}

function toOrderFinding({ names, directory, challenge }: AcmeSettings): Finding {
  return finding('well', `${names.flat().join(', ')}: ordered from ${directory}, proved by ${challenge}`)
}

async function checkPair(
  { cert, key }: { readonly cert: string; readonly key: string },
  clock: Clock,
): Promise<readonly Finding[]> {
  const unreadable = await Promise.all([cert, key].map(findUnreadable))
  if (unreadable.flat().length > 0) return unreadable.flat()
  try {
    await using source = await openCertificateFiles({ certificate: cert, key, report: () => {} })
    return [toFinding(cert, Math.floor((source.current.notAfter - clock.now()) / day))]
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    return error.diagnostics.map(({ message, fix }) => finding('amiss', message, fix))
  }
}

async function findUnreadable(file: string): Promise<readonly Finding[]> {
  return access(file, constants.R_OK).then(
    () => [],
    () => [finding('amiss', `${file} cannot be read`, 'name a file that is there')],
  )
}

function toFinding(file: string, days: number): Finding {
  if (days < 0) return finding('amiss', `${file} has ended`, 'renew it; it is taken over at once')
  const message = `${file} is good for ${days} more days`
  return days < soon
    ? finding('warning', message, 'renew it; it is taken over at once')
    : finding('well', message)
}

function finding(state: Finding['state'], message: string, fix?: string): Finding {
  return { subject: 'certificate', state, message, fix }
}
