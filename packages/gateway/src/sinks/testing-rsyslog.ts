import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = '/usr/sbin/rsyslogd'
const driver = '/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so'

/** Why no real rsyslog can be started here; `undefined` where one can. */
export const whyNoRsyslog: string | undefined =
  existsSync(program) && (existsSync(driver) || existsSync(driver.replace('x86_64', 'aarch64')))
    ? undefined
    : 'rsyslog with TLS is not installed: apt-get install rsyslog rsyslog-gnutls'

/** A real rsyslog that takes syslog over TLS and writes the messages into a file. */
export interface Rsyslog extends AsyncDisposable {
  readonly port: number
  /** What was written so far, a message each. */
  lines(): readonly string[]
  /** Ends it as a crash does. */
  kill(): Promise<void>
  start(): Promise<void>
}

/** Starts it on a free port; `certificate` and `key` are PEM files, `ca` that of their authority. */
export async function startRsyslog(files: {
  readonly ca: string
  readonly certificate: string
  readonly key: string
}): Promise<Rsyslog> {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-rsyslog-'))
  const port = await freePort()
  const output = join(folder, 'messages')
  const configuration = join(folder, 'rsyslog.conf')
  writeFileSync(
    configuration,
    `global(workDirectory="${folder}" defaultNetstreamDriver="gtls" maxMessageSize="64k"
  defaultNetstreamDriverCAFile="${files.ca}" defaultNetstreamDriverCertFile="${files.certificate}"
  defaultNetstreamDriverKeyFile="${files.key}")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="message" type="string" string="%app-name% %msg%\\n")
input(type="imtcp" port="${port}" address="127.0.0.1")
action(type="omfile" file="${output}" template="message" asyncWriting="off" ioBufferSize="4k")
`,
  )
  let child: ReturnType<typeof spawn> | undefined
  const kill = async (): Promise<void> => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await ended
    rmSync(join(folder, 'pid'), { force: true })
  }
  const start = async (): Promise<void> => {
    child = spawn(program, ['-n', '-f', configuration, '-i', join(folder, 'pid')], { stdio: 'ignore' })
    await waitForPort(port)
  }
  await start()
  return {
    port,
    lines: () =>
      existsSync(output)
        ? readFileSync(output, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
        : [],
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function waitForPort(port: number): Promise<void> {
  const { connect } = await import('node:net')
  for (let attempt = 0; attempt < 200; attempt++) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (reached) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('rsyslog did not open its port')
}
