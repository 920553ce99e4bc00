import { isIP } from 'node:net'
import type { Diagnostic } from '@gateward/kernel'
import type { Settings } from './schema.ts'
import { checkVersions } from './check-versions.ts'
import { settingMistake } from './setting-mistake.ts'
import { valueAt, type SettingPath, type SettingsTree } from './settings-tree.ts'

/** Tells a mistake with the place of the setting. */
export type Report = (path: SettingPath, message: string, fix: string) => void

/** Finds what is right setting by setting and cannot work together. */
export function checkTogether(settings: Settings, tree: SettingsTree): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const report: Report = (path, message, fix) => {
    diagnostics.push(settingMistake('contradiction', message, fix, tree.positionOf(path)))
  }
  checkListeners(settings, tree, report)
  checkTrust(settings, report)
  checkVersions(settings, report)
  return diagnostics
}

function checkListeners({ listen, admin, trust }: Settings, tree: SettingsTree, report: Report): void {
  const { https, http } = listen
  if (https === false && http === undefined)
    report(['listen', 'https'], 'nothing listens: https is false and there is no http', 'add listen.http')
  if (http !== undefined && !isLoopback(http.host) && trust.proxies.length === 0) {
    report(
      ['listen', 'http', 'host'],
      `the plain port ${http.host}:${http.port} is open beyond this machine, and credentials would travel unencrypted`,
      'write host: 127.0.0.1, or name the proxies that end TLS in trust.proxies',
    )
  }
  const listeners = [
    ...(https === false ? [] : [{ path: ['listen', 'https', 'port'], ...https }]),
    ...(http === undefined ? [] : [{ path: ['listen', 'http', 'port'], ...http }]),
    { path: ['admin', 'port'], ...admin },
  ]
  listeners.forEach((listener, index) => {
    const twin = listeners.slice(0, index).find((other) => collide(other, listener))
    if (twin === undefined) return
    const names = `${twin.path.join('.')} and ${listener.path.join('.')}`
    const written = valueAt(tree.root, listener.path) === undefined ? twin.path : listener.path
    report(written, `${names} are both ${listener.port}`, 'give each its own port')
  })
}

function checkTrust({ trust }: Settings, report: Report): void {
  if (!trust.proxyProtocol || trust.proxies.length > 0) return
  report(
    ['trust', 'proxyProtocol'],
    'trust.proxyProtocol is on and trust.proxies is empty, so every connection would be dropped',
    'name the proxies in trust.proxies',
  )
}

interface Socket {
  readonly host: string
  readonly port: number
}

function collide(left: Socket, right: Socket): boolean {
  if (left.port !== right.port || left.port === 0) return false
  return left.host === right.host || isAny(left.host) || isAny(right.host)
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}
