import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { RegressionStage } from '../../packages/waf/src/engine/regression/read-suite.ts'
import { responseTo } from '../../packages/waf/src/engine/regression/run-suite.ts'
import { freePort } from '../subjects.ts'
import { modSecurityModule } from '../waf-subjects.ts'

/** What nginx made of one stage. */
export interface NginxOutcome {
  /** The rules that libmodsecurity logged. */
  readonly ids: ReadonlySet<number>
  /** What nginx passed on to the service, in its own words; undefined where it passed nothing on. */
  readonly passedOn: string | undefined
}

const workers = 2
const connections = 8

/** Milliseconds without a byte after which the driver gives a stage up: nginx ends every connection before. */
const quiet = 30_000

/**
 * Sends every stage to nginx as its client writes it, and reads from its logs which rules each of them matched.
 *
 * @param rules the rules of libmodsecurity; without them nginx alone is asked
 */
export async function askNginx(
  folder: string,
  rules: string | undefined,
  stages: readonly RegressionStage[],
  progress: (text: string) => void,
): Promise<readonly NginxOutcome[]> {
  mkdirSync(folder)
  const passedOn = new Map<string, string>()
  const service = createServer({ insecureHTTPParser: true }, (request, response) => {
    void answer(request, response, passedOn)
  })
  service.listen(0, '127.0.0.1')
  const port = await freePort()
  const config = join(folder, 'parity.conf')
  writeFileSync(config, configuration(folder, rules, port, (service.address() as AddressInfo).port))
  const child = spawn('sh', ['-c', `exec nginx -c ${config} -p ${folder}`], { stdio: 'ignore' })
  try {
    await untilListening(port)
    await sendAll(port, stages, progress)
    await wait(1_500)
    return readLogs(folder, stages.length, passedOn)
  } finally {
    child.kill('SIGTERM')
    service.close()
    service.closeAllConnections()
  }
}

function configuration(folder: string, rules: string | undefined, port: number, service: number): string {
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const security = rules === undefined ? '' : `modsecurity on; modsecurity_rules_file ${rules};`
  // A connection that waits for more than it gets is ended by nginx, and not by a driver that is late itself.
  return `load_module ${modSecurityModule}; ${user} worker_processes ${workers}; daemon off;
pid ${folder}/parity.pid; error_log ${folder}/parity.log info;
events { worker_connections 256; }
http {
  log_format parity '$connection $remote_addr';
  access_log ${folder}/access.log parity;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  keepalive_timeout 1s; client_header_timeout 3s; client_body_timeout 3s; proxy_read_timeout 60s;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  underscores_in_headers on; ignore_invalid_headers off; merge_slashes off; client_body_buffer_size 1m; client_max_body_size 20m;
  server { listen 127.0.0.1:${port}; ${security}
    location / { proxy_pass http://127.0.0.1:${service}; proxy_set_header X-Parity-Client $remote_addr; } }
}`
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  passedOn: Map<string, string>,
): Promise<void> {
  const body = await buffer(request)
  const client = request.headers['x-parity-client']
  // A client that writes more than one message is compared by its first.
  if (typeof client === 'string' && !passedOn.has(client)) passedOn.set(client, summaryOf(request, body))
  const { head, body: answered } = responseTo({ target: request.url ?? '/', body })
  for (const [name, value] of head.headers) response.appendHeader(name, value)
  response.writeHead(head.status)
  response.end(answered)
}

/** What of a message rules look at, without the fields that a proxy sets itself. */
function summaryOf({ method, url, rawHeaders }: IncomingMessage, body: Buffer): string {
  const fields = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !ownFields.has(name.toLowerCase())
      ? [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`]
      : [],
  )
  return [`${method} ${url}`, ...fields, body.toString('latin1')].join('\n')
}

const ownFields = new Set(['connection', 'content-length', 'host', 'transfer-encoding', 'x-parity-client'])

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isThere = await exchange(port, '127.0.0.1', Buffer.from('GET / HTTP/1.0\r\n\r\n')).then(
      () => true,
      () => false,
    )
    if (isThere) return
    await wait(100)
  }
  throw new Error('nginx does not answer')
}

async function sendAll(
  port: number,
  stages: readonly RegressionStage[],
  progress: (text: string) => void,
): Promise<void> {
  let next = 0
  const sendNext = async (): Promise<void> => {
    for (let index = next++; index < stages.length; index = next++) {
      // nginx may cut a connection that it does not like; its logs tell what came of it.
      await exchange(port, addressOf(index), stages[index]?.wire ?? Buffer.alloc(0)).catch(() => {})
      if (index % 500 === 0) progress(`${index} of ${stages.length}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendNext))
}

/** Every stage comes from an address of its own, by which the logs tell it. */
function addressOf(index: number): string {
  return `127.1.${index >> 8}.${index & 0xff}`
}

/** Writes a request on a connection of its own and waits for the end of the answer. */
function exchange(port: number, localAddress: string, wire: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.setTimeout(quiet, () => socket.destroy())
  socket.on('connect', () => socket.write(wire))
  socket.on('data', () => {})
  socket.on('error', reject)
  socket.on('close', () => resolve())
  return promise
}

/** Lines of the access log tell which connection came from which address, those of the error log which rule matched on which. */
function readLogs(
  folder: string,
  stages: number,
  passedOn: ReadonlyMap<string, string>,
): readonly NginxOutcome[] {
  const connectionOf = new Map<string, string>()
  for (const line of readFileSync(join(folder, 'access.log'), 'latin1').split('\n')) {
    const [connection = '', address] = line.split(' ')
    if (address !== undefined && !connectionOf.has(address)) connectionOf.set(address, connection)
  }
  const matched = new Map<string, Set<number>>()
  for (const line of readFileSync(join(folder, 'parity.log'), 'latin1').split('\n')) {
    const [, connection = '', id] = /: \*(\d+) ModSecurity: .*? \[id "(\d+)"\]/.exec(line) ?? []
    if (id !== undefined) matched.set(connection, (matched.get(connection) ?? new Set()).add(Number(id)))
  }
  return Array.from({ length: stages }, (_, index) => {
    const address = addressOf(index)
    return {
      ids: matched.get(connectionOf.get(address) ?? '') ?? new Set(),
      passedOn: passedOn.get(address),
    }
  })
}
