import { connect, type Socket } from 'node:net'
import { systemClock } from '@gateward/kernel'
import { trustSettings } from '../exchange/client-address-settings.ts'
import type { Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import { problemAnswer } from '../pipeline/problem-answer.ts'
import { wireSettings } from '../guards/protocol/settings.ts'
import { createListener, type Listener } from './listener.ts'
import type { ListenerOptions, RefusedConnection } from './listener-options.ts'

/** What a test says of a listener; the rest is a plain port on this machine with the default limits. */
export interface TestListenerOptions extends Partial<
  Pick<ListenerOptions, 'host' | 'tls' | 'handle' | 'onUpgrade'>
> {
  readonly wire?: object
  readonly trust?: object
}

/** A listener with what it was asked and what it refused. */
export interface TestListener extends AsyncDisposable {
  readonly listener: Listener
  readonly port: number
  /** Every opening that the handler was given. */
  readonly openings: Opening[]
  /** The bodies that the handler read whole, as text. */
  readonly bodies: string[]
  readonly refusals: RefusedConnection[]
}

/** Opens a port whose handler refuses defects as the pipeline does, reads bodies whole, and echoes method, path and body. */
export async function openTestListener(options: TestListenerOptions = {}): Promise<TestListener> {
  const openings: Opening[] = []
  const bodies: string[] = []
  const refusals: RefusedConnection[] = []
  const { wire, trust, handle, ...rest } = options
  const listener = await createListener({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    clock: systemClock,
    ...rest,
    wire: wireSettings.parse(wire ?? {}),
    trust: trustSettings.parse(trust ?? {}),
    handle(opening, body, reply) {
      openings.push(opening)
      if (handle === undefined) echo(opening, body, reply, bodies)
      else handle(opening, body, reply)
    },
    onRefusedConnection: (refusal) => refusals.push(refusal),
  })
  return {
    listener,
    port: listener.address.port,
    openings,
    bodies,
    refusals,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

/** Answers with a problem, or with what was read. */
function echo(opening: Opening, body: RequestBodySource, reply: Reply, bodies: string[] = []): void {
  if (opening.defect !== undefined) {
    sendProblem(opening, opening.defect, reply)
    return
  }
  body.readWhole(1_048_576, 10_000, (problem, bytes) => {
    if (problem !== undefined) {
      sendProblem(opening, problem, reply)
      return
    }
    bodies.push(bytes.toString('latin1'))
    const { method, path } = opening.request
    reply.send(
      200,
      ['content-type', 'text/plain'],
      Buffer.from(`${method} ${path} ${bytes.toString('latin1')}`),
    )
  })
}

function sendProblem(opening: Opening, problem: NonNullable<Opening['defect']>, reply: Reply): void {
  const answer = problemAnswer(problem, opening.id, false)
  reply.send(
    problem.status,
    answer.headers.flat,
    answer.body.kind === 'whole' ? answer.body.bytes : undefined,
  )
}

/** Sends bytes on a connection of their own, and gives back all that came until the server closed or `patience` ran out. */
export async function exchangeBytes(
  port: number,
  bytes: string | Buffer | readonly (string | Buffer)[],
  patience = 3_000,
): Promise<{ readonly text: string; readonly closed: boolean }> {
  const socket = connect(port, '127.0.0.1')
  const answered = collect(socket, patience)
  const parts = Array.isArray(bytes) ? (bytes as readonly (string | Buffer)[]) : [bytes as string | Buffer]
  for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
  return answered
}

/** All that comes on a connection until the other side closes it or `patience` milliseconds ran out. */
export async function collect(socket: Socket, patience: number): Promise<{ text: string; closed: boolean }> {
  const { promise, resolve } = Promise.withResolvers<{ text: string; closed: boolean }>()
  let text = ''
  const timer = setTimeout(() => {
    resolve({ text, closed: false })
    socket.destroy()
  }, patience)
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  socket.on('close', () => {
    clearTimeout(timer)
    resolve({ text, closed: true })
  })
  return promise
}

/** The status codes of all answers in a text, in order. */
export function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
}
