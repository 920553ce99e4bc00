import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cores, has, startPinned } from './processes.ts'
import { settings, startGateway, startNginx, type Keep } from './subjects.ts'

/** The module that Debian's package libnginx-mod-http-modsecurity brings. */
export const modSecurityModule = '/usr/lib/nginx/modules/ngx_http_modsecurity_module.so'

/** Two proxies with the same rules, each alone on the measured core while it is asked. */
export interface Firewalls extends AsyncDisposable {
  readonly gateway: string
  readonly nginx: string
}

/** Starts the gateway with its `waf` guard alone, and nginx with ModSecurity; undefined where that is not installed. */
export async function startFirewalls(folder: string, rules: string): Promise<Firewalls | undefined> {
  if (!has('nginx') || !has('wrk') || !existsSync(modSecurityModule)) return undefined
  const stack = new AsyncDisposableStack()
  const keep: Keep = async (...order) => {
    const started = await startPinned(...order)
    stack.defer(() => void started.child.kill('SIGTERM'))
    return started
  }
  const { line: port } = await keep(cores.rest, process.execPath, ['benchmarks/prober.ts'])
  const upstream = `http://127.0.0.1:${port}`
  const nginxFolder = join(folder, 'nginx')
  mkdirSync(nginxFolder)
  const nginx = await startNginx(nginxFolder, upstream, keep, {
    main: `load_module ${modSecurityModule}; ${process.getuid?.() === 0 ? 'user root;' : ''}`,
    server: `modsecurity on; modsecurity_rules_file ${rules};`,
  })
  const open = settings(folder, upstream, 'open') as { guards: Record<string, unknown> }
  const configuration = { ...open, guards: { ...open.guards, waf: { mode: 'enforce', rules: [rules] } } }
  const gateway = await startGateway(folder, 'open', configuration, keep)
  return { gateway: gateway.origin, nginx: nginx.origin, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
