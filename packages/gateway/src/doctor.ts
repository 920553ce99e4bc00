import { access, constants, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { formatDiagnostics, hasErrors } from '@gateward/kernel'
import { checkConfiguration } from './check-configuration.ts'
import type { Configuration } from './config/configuration.ts'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'

/** What the doctor found of one thing. */
export interface Finding {
  readonly subject: string
  readonly state: 'well' | 'warning' | 'amiss' | 'unreachable'
  readonly message: string
  /** What to do; absent where nothing is to be done. */
  readonly fix?: string | undefined
}

const neededNode = 26

/** Looks at everything that a gateway with this configuration needs here, each thing by itself, and changes nothing. */
export async function diagnose(request: ConfigurationRequest): Promise<readonly Finding[]> {
  const { configuration } = await loadConfiguration(request)
  const runtime = checkRuntime()
  if (configuration === undefined) return [runtime, ...(await checkSettings(request))]
  const upstreams = Object.entries(configuration.apis).flatMap(([name, { upstream }]) =>
    upstream.targets.map(({ url }) => checkReachable(`upstream ${name}`, url)),
  )
  return [
    runtime,
    ...(await checkSettings(request)),
    await checkData(configuration),
    ...(await checkCertificate(configuration)),
    ...(await Promise.all(upstreams)),
  ]
}

function checkRuntime(): Finding {
  const { node } = process.versions
  const old = Number.parseInt(node) < neededNode
  return {
    subject: 'runtime',
    state: old ? 'amiss' : 'well',
    message: `Node ${node}`,
    ...(old ? { fix: `run it with Node ${neededNode}: npx and npm bring it` } : {}),
  }
}

async function checkSettings(request: ConfigurationRequest): Promise<readonly Finding[]> {
  const { diagnostics, operations } = await checkConfiguration(request)
  const summary: Finding = hasErrors(diagnostics)
    ? {
        subject: 'configuration',
        state: 'amiss',
        message: 'it would not be loaded',
        fix: 'mend what follows',
      }
    : { subject: 'configuration', state: 'well', message: `${operations} operations would be served` }
  const told = diagnostics.map((diagnostic): Finding => ({
    subject: 'configuration',
    state: diagnostic.severity === 'error' ? 'amiss' : 'warning',
    message: formatDiagnostics([{ ...diagnostic, fix: '' }]),
    fix: diagnostic.fix,
  }))
  return [summary, ...told]
}

async function checkData({ data }: Configuration): Promise<Finding> {
  const found = await stat(data).catch(() => undefined)
  if (found === undefined) {
    return { subject: 'data', state: 'well', message: `${data} is not there yet; the first start makes it` }
  }
  const writable = await access(data, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!writable)
    return {
      subject: 'data',
      state: 'amiss',
      message: `${data} cannot be written`,
      fix: 'give it to the user that runs the gateway',
    }
  const pepper = await stat(join(data, 'keyring', 'pepper')).catch(() => undefined)
  if (pepper !== undefined && (pepper.mode & 0o077) !== 0) {
    return {
      subject: 'data',
      state: 'amiss',
      message: 'others than its owner can read keyring/pepper',
      fix: `chmod 600 ${join(data, 'keyring', 'pepper')}`,
    }
  }
  return { subject: 'data', state: 'well', message: data }
}

async function checkCertificate({ listen, data }: Configuration): Promise<readonly Finding[]> {
  const { https } = listen
  if (https === false) return []
  if (https.certificate === undefined) {
    return [
      {
        subject: 'certificate',
        state: 'warning',
        message: `a development certificate, from ${join(data, 'ca.pem')}`,
        fix: 'name your own in listen.https.certificate before others use it',
      },
    ]
  }
  const missing = await Promise.all(
    [https.certificate.cert, https.certificate.key].map(async (file): Promise<readonly Finding[]> =>
      access(file, constants.R_OK).then(
        () => [],
        () => [
          {
            subject: 'certificate',
            state: 'amiss',
            message: `${file} cannot be read`,
            fix: 'name a file that is there',
          },
        ],
      ),
    ),
  )
  return missing.flat().length > 0
    ? missing.flat()
    : [{ subject: 'certificate', state: 'well', message: https.certificate.cert }]
}

const connectDeadline = 3_000

async function checkReachable(subject: string, url: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(url)
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  })
  socket.setTimeout(connectDeadline, () => resolve('no answer in 3 s'))
  socket.once('connect', () => resolve(undefined))
  socket.once('error', (error) => resolve(error.message))
  const failure = await promise
  socket.destroy()
  return failure === undefined
    ? { subject, state: 'well', message: `${url} takes connections` }
    : {
        subject,
        state: 'unreachable',
        message: `${url}: ${failure}`,
        fix: 'start the service, or mend its address',
      }
}
