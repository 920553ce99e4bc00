import type { Clock, Diagnostic } from '@gateward/kernel'
import ipaddr from 'ipaddr.js'
import type { UpstreamSettings } from './settings.ts'
import { checkWaiver } from './waivers.ts'

/** Mistakes that the schema cannot see; files are read later, by `createUpstream`. */
export function checkUpstream(name: string, settings: UpstreamSettings, clock: Clock): readonly Diagnostic[] {
  return [
    ...checkWaiver(name, settings, clock),
    ...checkTargets(name, settings),
    ...checkTls(name, settings),
    ...checkTimeouts(name, settings),
  ]
}

function checkTargets(name: string, settings: UpstreamSettings): readonly Diagnostic[] {
  const seen = new Set<string>()
  return settings.targets.flatMap(({ url }): Diagnostic[] => {
    const { origin, protocol, hostname } = new URL(url)
    const diagnostics: Diagnostic[] = []
    if (seen.has(origin)) {
      diagnostics.push({
        code: 'duplicate-target',
        severity: 'error',
        message: `upstream "${name}" lists ${origin} twice`,
        fix: 'list it once, with a larger weight',
      })
    }
    seen.add(origin)
    if (protocol === 'http:' && !isNear(hostname)) {
      diagnostics.push({
        code: 'unencrypted-transit',
        severity: 'warning',
        message: `upstream "${name}" is reached over ${origin} without encryption in transit`,
        fix: 'use https, with tls.ca for a private certificate authority',
      })
    }
    return diagnostics
  })
}

function checkTls(name: string, settings: UpstreamSettings): readonly Diagnostic[] {
  const { cert, key, ca, servername, verify } = settings.tls
  const diagnostics: Diagnostic[] = []
  if ((cert === undefined) !== (key === undefined)) {
    diagnostics.push({
      code: 'upstream-tls',
      severity: 'error',
      message: `upstream "${name}" has a client certificate or its key without the other`,
      fix: 'set both tls.cert and tls.key',
    })
  }
  const said = !verify || [cert, key, ca, servername].some((value) => value !== undefined)
  if (said && settings.targets.every(({ url }) => url.startsWith('http:'))) {
    diagnostics.push({
      code: 'ineffective-setting',
      severity: 'error',
      message: `upstream "${name}" has tls settings and only http:// targets`,
      fix: 'write https:// or remove tls',
    })
  }
  return diagnostics
}

function checkTimeouts(name: string, settings: UpstreamSettings): readonly Diagnostic[] {
  const { connect, response, idle, total, stream } = settings.timeouts
  const longest = Math.max(connect, response)
  const diagnostics: Diagnostic[] = []
  if ([connect, response, idle, total, stream, settings.connections.queueFor].some((value) => value <= 0)) {
    diagnostics.push({
      code: 'endless-timeout',
      severity: 'error',
      message: `upstream "${name}" has a timeout of 0`,
      fix: 'every wait needs an end: write a duration such as 30s',
    })
  }
  if (total < longest) {
    diagnostics.push({
      code: 'ineffective-setting',
      severity: 'error',
      message: `upstream "${name}" gives up (timeouts.total) before timeouts.connect or timeouts.response can pass`,
      fix: 'make total the longest',
    })
  }
  return diagnostics
}

/** Whether what is sent stays on this machine or in a private network, as far as the name tells. */
function isNear(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  if (!ipaddr.isValid(address)) return !address.includes('.') || /\.(localhost|local|internal)$/.test(address)
  const range = ipaddr.process(address).range()
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal'].includes(range)
}
