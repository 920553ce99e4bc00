import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@gateward/kernel'
import { ensureDevelopmentCertificate } from '../development-certificate.ts'

/** Why tests against a real authority cannot run here; `undefined`: they can. */
export const missingForAcme = existsSync('/usr/bin/pebble')
  ? undefined
  : 'Debian package pebble is not installed (apt-get install pebble)'

/** Pebble, the test authority of Let's Encrypt, with a DNS server that leads every name to this machine. */
export interface TestAuthority extends AsyncDisposable {
  readonly directory: string
  /** Path of the certificate to trust when talking to the directory. */
  readonly authority: string
  /** A program that sets TXT records at the authority's DNS server. */
  readonly dnsHook: string
}

/** @param ports on which the authority reaches challenges */
export async function startPebble(ports: {
  readonly http?: number
  readonly tls?: number
}): Promise<TestAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'gateward-pebble-'))
  const [listen, management, dns, dnsManagement] = await Promise.all([1, 2, 3, 4].map(findFreePort))
  const files = await ensureDevelopmentCertificate(folder, systemClock)
  const settings = {
    listenAddress: `127.0.0.1:${listen}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: files.certificate,
    privateKey: files.key,
    httpPort: ports.http ?? 1,
    tlsPort: ports.tls ?? 1,
    externalAccountBindingRequired: false,
  }
  await writeFile(join(folder, 'pebble.json'), JSON.stringify({ pebble: settings }))
  const children = [
    start('pebble-challtestsrv', [
      `-dns01=127.0.0.1:${dns}`,
      `-management=127.0.0.1:${dnsManagement}`,
      '-defaultIPv6=',
      '-http01=',
      '-https01=',
      '-tlsalpn01=',
    ]),
    start('pebble', ['-strict', `-config=${join(folder, 'pebble.json')}`, `-dnsserver=127.0.0.1:${dns}`]),
  ]
  await Promise.all([listen, dnsManagement].map((port) => untilOpen(port ?? 0)))
  return {
    directory: `https://localhost:${listen}/dir`,
    authority: files.authority,
    dnsHook: await writeHook(folder, dnsManagement ?? 0),
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(stop))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function start(program: string, words: readonly string[]): ChildProcess {
  return spawn(program, words, { stdio: 'ignore', env: { ...process.env, PEBBLE_VA_NOSLEEP: '1' } })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** A port of this machine that nobody listens on just now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isOpen = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      // A TLS port hangs up on plain HTTP, which shows that it is there.
      (error: unknown) => !String((error as { cause?: { code?: string } }).cause?.code).includes('REFUSED'),
    )
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}

async function writeHook(folder: string, port: number): Promise<string> {
  const hook = join(folder, 'hook')
  await writeFile(
    hook,
    `#!${process.execPath}
const [verb, name, value] = process.argv.slice(2)
const answer = await fetch('http://127.0.0.1:${port}/' + (verb === 'add' ? 'set-txt' : 'clear-txt'), {
  method: 'POST',
  body: JSON.stringify({ host: name + '.', value }),
})
process.exit(answer.ok ? 0 : 1)
`,
  )
  await chmod(hook, 0o700)
  return hook
}
