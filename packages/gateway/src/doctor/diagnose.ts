import { systemClock } from '@gateward/kernel'
import { loadConfiguration, type ConfigurationRequest } from '../config/load.ts'
import { checkCertificate } from './check-certificate.ts'
import { checkData } from './check-data.ts'
import { checkIssuers } from './check-issuers.ts'
import { checkKeyring } from './check-keyring.ts'
import { checkPorts } from './check-ports.ts'
import { checkReceivers } from './check-receivers.ts'
import { checkRuntime } from './check-runtime.ts'
import { checkSettings } from './check-settings.ts'
import { checkUpstreams } from './check-upstreams.ts'
import type { Finding } from './finding.ts'

/** Looks at everything that a gateway with this configuration needs here, each thing by itself, and changes nothing. */
export async function diagnose(request: ConfigurationRequest): Promise<readonly Finding[]> {
  const { configuration } = await loadConfiguration(request)
  const general = [checkRuntime(), ...(await checkSettings(request))]
  if (configuration === undefined) return general
  const particular = await Promise.all([
    checkData(configuration),
    checkKeyring(configuration, systemClock),
    checkPorts(configuration),
    checkCertificate(configuration, systemClock),
    checkIssuers(configuration, systemClock),
    checkUpstreams(configuration, systemClock),
    checkReceivers(configuration),
  ])
  return [...general, ...particular.flat()]
}
