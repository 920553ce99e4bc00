import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

const program = '/usr/bin/kcat'

/** Why no cluster of librdkafka can be started here; `undefined` where one can. */
export const whyNoLibrdkafka: string | undefined = existsSync(program)
  ? undefined
  : 'kcat is not installed: apt-get install kcat'

/** The cluster that librdkafka has for tests of its own, and a consumer of it: neither knows of our code, nor ours of it. */
export interface Librdkafka extends AsyncDisposable {
  readonly brokers: readonly string[]
  /** What the consumer has got so far: key, partition and value, parted by tabs. */
  lines(): readonly string[]
}

export async function startLibrdkafka(topic: string, nodes: number): Promise<Librdkafka> {
  const properties = [`test.mock.num.brokers=${nodes}`, 'check.crcs=true'].flatMap((text) => ['-X', text])
  // The address is replaced by that of the cluster, which only its log tells.
  const words = ['-C', '-u', '-t', topic, '-b', '127.0.0.1:1', '-d', 'mock', ...properties]
  const child = spawn(program, [...words, '-f', '%k\t%p\t%s\n'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, log] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const told = new Promise<readonly string[]>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`kcat ended: ${log.slice(-500)}`)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000)
      const found = /bootstrap\.servers=([0-9.:,]+)\s/.exec(log)?.[1]
      if (found !== undefined) resolve(found.split(','))
    })
  })
  return {
    brokers: await told,
    lines: () => output.split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}
