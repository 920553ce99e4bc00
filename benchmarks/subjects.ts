import { spawnSync, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Reporting } from './ask-report.ts'
import type { Shot } from './load.ts'
import { cores, has, root, startPinned, type Started } from './processes.ts'

/** One thing to measure: a proxy, and the request it gets. */
export interface Subject {
  readonly name: string
  readonly origin: string
  readonly shot: Shot
  /** Of the process that does the work, or of the one that started it. */
  readonly pid: number
  /** Where it says what kept it, for a gateway. */
  readonly reporting: Reporting | undefined
  /** Whether others with the same method are compared with it. */
  readonly isYardstick: boolean
}

/** The gateway with all guards but the WAF. */
export interface GatewayUnderTest extends Reporting {
  readonly origin: string
  readonly shot: Shot
}

const body = JSON.stringify({
  name: 'Desk lamp with a long arm',
  description:
    'A lamp for a desk. The arm stays where it is put, the head turns, and the light is warm enough to read by in the evening without being yellow.',
  price: 29.9,
  stock: 112,
  tags: ['light', 'desk', 'steel', 'warm'],
  supplier: { id: 'sup_7', name: 'Mill and Company', email: 'orders@mill.example' },
  dimensions: { width: 18.5, height: 62, depth: 24.25 },
})

export const get: Shot = {
  method: 'GET',
  path: '/items/itm_0000000042?fields=all',
  headers: {},
  body: undefined,
}
export const post: Shot = {
  method: 'POST',
  path: '/items',
  headers: { 'content-type': 'application/json' },
  body,
}

/** One that runs. */
interface Proxy {
  readonly origin: string
  readonly child: ChildProcess
  readonly reporting?: Reporting
}

/** Starts everything that is measured, the upstream included; all of it ends with the result. */
export async function startSubjects(folder: string) {
  const stack = new AsyncDisposableStack()
  const keep: Keep = async (...order) => {
    const started = await startPinned(...order)
    stack.defer(() => void started.child.kill('SIGKILL'))
    return started
  }
  const node = process.execPath
  const { child: prober, line: port } = await keep(cores.rest, node, ['benchmarks/prober.ts'], {}, true)
  const upstream = `http://127.0.0.1:${port}`
  const { child, line: barePort } = await keep(cores.measured, node, ['benchmarks/bare-proxy.ts', upstream])
  const bare: Proxy = { origin: `http://127.0.0.1:${barePort}`, child }
  const nginx = has('nginx') ? await startNginx(folder, upstream, keep) : undefined
  const issuer = await createIssuer(folder)
  const open = await startGateway(folder, 'open', settings(folder, upstream, 'open'), keep)
  const guarded = await startGateway(folder, 'guarded', settings(folder, upstream, 'guarded'), keep)
  const walled = await startGateway(folder, 'walled', settings(folder, upstream, 'walled'), keep)
  const key = createKey(join(folder, 'guarded'), join(folder, 'guarded.json'))
  const wallKey = createKey(join(folder, 'walled'), join(folder, 'walled.json'))
  const token = await issuer()
  const withKey = (shot: Shot, value = key): Shot => ({
    ...shot,
    headers: { ...shot.headers, 'x-api-key': value },
  })
  const withToken = (shot: Shot): Shot => ({
    ...shot,
    headers: { ...shot.headers, authorization: `Bearer ${token}` },
  })
  const subject = (name: string, started: Proxy, shot: Shot): Subject => ({
    name,
    origin: started.origin,
    shot,
    pid: started.child.pid ?? 0,
    reporting: started.reporting,
    isYardstick: started === bare,
  })
  const all = [
    subject('bare node:http + undici proxy', bare, get),
    subject('bare node:http + undici proxy', bare, post),
    ...(nginx === undefined ? [] : [subject('nginx proxy', nginx, get), subject('nginx proxy', nginx, post)]),
    subject('gateward, guards off', open, get),
    subject('gateward, guards off', open, post),
    subject('gateward, guards but the WAF, API key', guarded, withKey(get)),
    subject('gateward, guards but the WAF, API key', guarded, withKey(post)),
    subject('gateward, guards but the WAF, JWT RS256', guarded, withToken(get)),
    subject('gateward, guards but the WAF, JWT RS256', guarded, withToken(post)),
    subject('gateward, all guards, API key', walled, withKey(get, wallKey)),
    subject('gateward, all guards, API key', walled, withKey(post, wallKey)),
  ]
  const gateway: GatewayUnderTest = { origin: guarded.origin, shot: withKey(post), ...guarded.reporting }
  return {
    all,
    upstream: { origin: upstream, prober },
    gateway,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Starts a program on a core, to be ended with the rest. */
export type Keep = (...order: Parameters<typeof startPinned>) => Promise<Started>

/** Starts a gateway with a configuration, its data in a folder of its own. */
export async function startGateway(folder: string, name: string, configuration: unknown, keep: Keep) {
  const file = join(folder, `${name}.json`)
  const reportFile = join(folder, `${name}-report.json`)
  writeFileSync(file, JSON.stringify(configuration))
  const node = ['--max-semi-space-size=64', '--expose-gc', '--import', './benchmarks/report.ts']
  const serve = ['packages/cli/bin/gateward.js', 'serve', '-c', file, '--data', join(folder, name), '--json']
  const { child, line } = await keep(cores.measured, process.execPath, [...node, ...serve], {
    GATEWARD_BENCH_REPORT: reportFile,
  })
  const { http } = JSON.parse(line) as { http: string }
  return { origin: http, child, reporting: { process: child, reportFile } }
}

/** `open`: no guard at all; `guarded`: all but the WAF; `walled`: all. Logging and records are on in each. */
export type Strength = 'open' | 'guarded' | 'walled'

const guardsBesideWaf = [
  'protocol',
  'headers',
  'cors',
  'address',
  'flood',
  'authentication',
  'quota',
  'authorization',
  'validation',
  'leakage',
]

export function settings(folder: string, upstream: string, strength: Strength): Record<string, unknown> {
  const contract = strength === 'open' ? 'none' : join(root, 'benchmarks/bench.openapi.yaml')
  const waf = { mode: strength === 'walled' ? 'enforce' : 'off' }
  const off = Object.fromEntries(guardsBesideWaf.map((name) => [name, { mode: 'off' }]))
  const issuer = {
    issuer: 'https://id.bench.example',
    audience: 'items',
    algorithms: ['RS256'],
    jwks: join(folder, 'jwks.json'),
  }
  return {
    version: 1,
    anonymous: strength === 'open',
    listen: { https: { host: '127.0.0.1', port: 0 }, http: { host: '127.0.0.1', port: 0 } },
    admin: { host: '127.0.0.1', port: 0 },
    apis: { items: { contract, upstream } },
    authentication: { issuers: [issuer] },
    tiers: { free: { rate: '1000000/s', quota: '900000000/day' } },
    guards: strength === 'open' ? { ...off, waf } : { flood: { rate: '1000000/s' }, waf },
    observe: { log: `file:${join(folder, `${strength}.log`)}` },
  }
}

export async function createIssuer(folder: string): Promise<() => Promise<string>> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const key = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [key] }))
  return () =>
    new SignJWT({ scope: 'items:read items:write', client_id: 'bench' })
      .setProtectedHeader({ alg: 'RS256', kid: 'bench', typ: 'at+jwt' })
      .setIssuer('https://id.bench.example')
      .setAudience('items')
      .setSubject('bench')
      .setIssuedAt()
      .setExpirationTime('12h')
      .setJti('bench')
      .sign(privateKey)
}

export function createKey(data: string, configuration: string): string {
  const made = spawnSync(
    process.execPath,
    [
      'packages/cli/bin/gateward.js',
      'keys',
      'create',
      'bench',
      '-c',
      configuration,
      '--data',
      data,
      '--json',
    ],
    { cwd: root, encoding: 'utf8' },
  )
  return (JSON.parse(made.stdout) as { key: string }).key
}

/** What a module adds to the configuration of nginx: before everything, and in its one server. */
export interface NginxAdditions {
  readonly main: string
  readonly server: string
}

/** Starts nginx as a proxy with one worker. */
export async function startNginx(
  folder: string,
  upstream: string,
  keep: Keep,
  { main, server }: NginxAdditions = { main: '', server: '' },
): Promise<Proxy> {
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `${main} worker_processes 1; master_process off; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
    events { worker_connections 1024; }
    http {
      access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      upstream up { server ${upstream.replace('http://', '')}; keepalive 64; }
      server { listen 127.0.0.1:${port}; client_body_buffer_size 64k; ${server} location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; } }
    }`,
  )
  const order = `echo ready; exec nginx -c ${file} -p ${folder}`
  const { child } = await keep(cores.measured, 'sh', ['-c', order])
  return { origin: `http://127.0.0.1:${port}`, child }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
