import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { isThisMachine } from '../../../delivery/settings.ts'
import { KafkaError } from './kafka-error.ts'
import { logIn } from './log-in.ts'
import { apis, askVersions, versions, type KafkaRequest } from './requests.ts'
import type { KafkaAddress, KafkaSettings } from './settings.ts'
import { KafkaReader, KafkaWriter } from './wire.ts'

/** Bytes of an answer; those to a producer are some hundreds, and a list of brokers is no longer than this. */
const mostAnswer = 4_194_304

export interface ConnectionSettings {
  readonly tls: ConnectionOptions | undefined
  readonly sasl: KafkaSettings['sasl']
}

interface Waiting {
  readonly correlation: number
  readonly resolve: (answer: KafkaReader) => void
  readonly reject: (error: KafkaError) => void
}

/** A connection to one broker, logged in; one request at a time. Whatever goes wrong on it ends it. */
export class KafkaConnection implements Disposable {
  readonly #socket: Socket
  readonly #where: string
  #chunks: Buffer[] = []
  #received = 0
  #correlation = 0
  #waiting: Waiting | undefined
  #isReady = false
  #spoken: ReadonlyMap<number, readonly [from: number, to: number]> = new Map()
  #end: KafkaError | undefined

  private constructor(socket: Socket, { host, port }: KafkaAddress) {
    this.#socket = socket
    this.#where = `${host}:${port}`
    socket.setNoDelay(true).setKeepAlive(true, 60_000)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (cause) => this.#fail(cause.message, cause))
    socket.on('end', () => this.#fail('the broker ended the connection'))
    socket.on('close', () => this.#fail('the connection was closed'))
  }

  /** @throws KafkaError where it cannot be reached, is not who it should be, or lets nobody in */
  static async open(
    address: KafkaAddress,
    { tls, sasl }: ConnectionSettings,
    signal: AbortSignal,
  ): Promise<KafkaConnection> {
    // Brokers say where the others are: without TLS nothing goes to another machine, whatever they say.
    if (tls === undefined && !isThisMachine(address.host))
      throw new KafkaError(`${address.host} is another machine, and nothing is sent there without TLS`)
    const socket = tls === undefined ? connectTcp({ ...address }) : connectSecurely(address, tls)
    const connection = new KafkaConnection(socket, address)
    try {
      await connection.#opened(tls === undefined ? 'connect' : 'secureConnect', signal)
      connection.#spoken = await connection.request(askVersions(), signal)
      connection.#assertVersions()
      if (sasl !== undefined) await logIn(connection, sasl, signal)
      connection.#isReady = true
      return connection
    } catch (thrown) {
      connection[Symbol.dispose]()
      throw thrown
    }
  }

  /** Whether the broker speaks a version of an API. */
  speaks(api: keyof typeof apis, version: number): boolean {
    const [from, to] = this.#spoken.get(apis[api]) ?? [0, -1]
    return version >= from && version <= to
  }

  /** Sends a request and reads its answer. */
  async request<Answer>(
    { api, version, body, read }: KafkaRequest<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    if (this.#end !== undefined) throw this.#end
    const correlation = ++this.#correlation
    const head = new KafkaWriter()
      .int16(apis[api])
      .int16(version)
      .int32(correlation)
      .string('gateward')
      .finish()
    const answer = new Promise<KafkaReader>((resolve, reject) => {
      this.#waiting = { correlation, resolve, reject }
    })
    this.#socket.write(
      new KafkaWriter()
        .int32(head.length + body.length)
        .raw(head)
        .raw(body)
        .finish(),
    )
    const reader = await this.#until(answer, `no answer to ${api} in time`, signal)
    try {
      return read(reader)
    } catch (thrown) {
      this.#fail(thrown instanceof Error ? thrown.message : String(thrown), thrown)
      throw this.#end ?? thrown
    }
  }

  [Symbol.dispose](): void {
    this.#fail('the connection was closed')
  }

  #assertVersions(): void {
    for (const [name, wanted] of Object.entries(versions)) {
      const api = name as keyof typeof versions
      if ([wanted].flat().some((version) => this.speaks(api, version))) continue
      const [from, to] = this.#spoken.get(apis[api]) ?? ['none', 'none']
      throw new KafkaError(
        `${this.#where} speaks ${api} ${from} to ${to}, and not ${[wanted].flat().join(' or ')}: is it Kafka 2.1 or later?`,
      )
    }
  }

  #opened(event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
    const opened = new Promise<void>((resolve, reject) => {
      this.#socket.once(event, resolve)
      this.#socket.once('close', () => reject(this.#end ?? new KafkaError('the connection was closed')))
    })
    return this.#until(opened, 'it cannot be reached in time', signal)
  }

  async #until<Result>(result: Promise<Result>, late: string, signal: AbortSignal): Promise<Result> {
    const onLate = (): void => this.#fail(late)
    if (signal.aborted) onLate()
    signal.addEventListener('abort', onLate, { once: true })
    try {
      return await result
    } finally {
      signal.removeEventListener('abort', onLate)
    }
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#received += chunk.length
    if (this.#received < 8) return
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    this.#chunks = [bytes]
    const length = bytes.readInt32BE()
    if (length < 4 || length > mostAnswer) this.#fail(`${notKafka}: an answer of ${length} bytes`)
    else if (bytes.length > length + 4) this.#fail(`${notKafka}: more than one answer`)
    else if (bytes.length === length + 4) this.#answer(bytes)
  }

  #answer(bytes: Buffer): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#chunks = []
    this.#received = 0
    if (waiting?.correlation !== bytes.readInt32BE(4)) this.#fail(`${notKafka}: an answer to nothing`)
    waiting?.resolve(new KafkaReader(bytes.subarray(8)))
  }

  // The first failure is what happened; what follows comes of it.
  #fail(reason: string, cause?: unknown): void {
    if (this.#end !== undefined) return
    // One that worked and broke was perhaps only left alone for too long: brokers close what rests.
    this.#end = new KafkaError(`${this.#where}: ${reason}`, { cause, isStale: this.#isReady })
    this.#socket.destroy()
    this.#waiting?.reject(this.#end)
    this.#waiting = undefined
  }
}

const notKafka = 'it does not speak the protocol of Kafka'

function connectSecurely(address: KafkaAddress, tls: ConnectionOptions): Socket {
  const name = isIP(address.host) === 0 ? { servername: address.host } : {}
  return connectTls({ ...tls, ...address, ...name, rejectUnauthorized: true })
}
