import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { answerInitProducerId, answerMetadata, answerProduce, type TestCluster } from './testing-answers.ts'
import { errorCodes } from './testing-partition.ts'
import { createSaslServer, type SaslServer, type TestLogin } from './testing-sasl.ts'
import { ProtocolViolation, WireReader, WireWriter } from './testing-wire.ts'

/** From and to which versions brokers speak: Kafka 4.1, 2.1 (the oldest that 4 speaks with), and 1.0, which is too old. */
const versions = {
  current: {
    Produce: [3, 13],
    Metadata: [0, 13],
    SaslHandshake: [0, 1],
    InitProducerId: [0, 6],
    SaslAuthenticate: [0, 2],
  },
  old: {
    Produce: [0, 7],
    Metadata: [0, 7],
    SaslHandshake: [0, 1],
    InitProducerId: [0, 1],
    SaslAuthenticate: [0, 0],
  },
  ancient: {
    Produce: [0, 5],
    Metadata: [0, 5],
    SaslHandshake: [0, 1],
    InitProducerId: [0, 0],
    SaslAuthenticate: [0, 0],
  },
} as const

/** Each API's number, and the version that is read here. */
const apis = {
  Produce: [0, 7],
  Metadata: [3, 5],
  SaslHandshake: [17, 1],
  ApiVersions: [18, 0],
  InitProducerId: [22, 1],
  SaslAuthenticate: [36, 0],
} as const

type ApiName = keyof typeof apis

export interface TestNodeOptions {
  readonly number: number
  readonly cluster: TestCluster
  readonly age: keyof typeof versions
  readonly tls: TlsOptions | undefined
  readonly login: TestLogin | undefined
  /** What a client did against the protocol; its connection is ended then, as brokers do. */
  readonly onViolation: (what: string) => void
}

/** One broker: it listens, can be killed as by a crash, and started again on the same port. */
export class TestNode {
  /** Reads everything and answers nothing. */
  isSilent = false
  /** So many next batches are written, and the connection is cut before the answer. */
  answersToLose = 0
  /** Connections that were accepted, and requests by name. */
  connections = 0
  readonly requests: ApiName[] = []
  readonly #options: TestNodeOptions
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  constructor(options: TestNodeOptions) {
    this.#options = options
  }

  /** @returns the port, that which was asked for unless it was 0 */
  async start(port: number): Promise<number> {
    const { tls } = this.#options
    const onSocket = (socket: Socket): void => this.#accept(socket)
    const server = tls === undefined ? createTcpServer(onSocket) : createTlsServer(tls, onSocket)
    this.#server = server
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
    await promise
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Ends connections as brokers do that were left alone for too long. */
  endConnections(): void {
    for (const socket of this.#sockets) socket.end()
  }

  async kill(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    const connection = new Connection(this, this.#options, socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => connection.receive(chunk))
  }
}

class Connection {
  readonly #node: TestNode
  readonly #options: TestNodeOptions
  readonly #socket: Socket
  #pending = Buffer.alloc(0)
  #sasl: SaslServer | undefined

  constructor(node: TestNode, options: TestNodeOptions, socket: Socket) {
    this.#node = node
    this.#options = options
    this.#socket = socket
  }

  receive(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk])
    try {
      while (this.#pending.length >= 4) {
        const length = this.#pending.readInt32BE()
        if (length < 8 || length > 104_857_600) throw new ProtocolViolation(`a request of ${length} bytes`)
        if (this.#pending.length < 4 + length) return
        const message = this.#pending.subarray(4, 4 + length)
        this.#pending = this.#pending.subarray(4 + length)
        this.#answer(new WireReader(message))
      }
    } catch (thrown) {
      this.#options.onViolation(String(thrown))
      this.#socket.destroy()
    }
  }

  #answer(reader: WireReader): void {
    const [number, version, correlation] = [reader.int16(), reader.int16(), reader.int32()]
    const name = (Object.keys(apis) as ApiName[]).find((name) => apis[name][0] === number)
    if (name === undefined) throw new ProtocolViolation(`the unknown API ${number}`)
    if (reader.string() === '') throw new ProtocolViolation('a client without a name')
    this.#node.requests.push(name)
    this.#demandLogin(name)
    const writer = new WireWriter()
    writer.int32(correlation)
    this.#write(name, version, reader, writer)
    if (name === 'Produce' && this.#node.answersToLose > 0) {
      this.#node.answersToLose--
      this.#socket.resetAndDestroy()
    } else if (!this.#node.isSilent) this.#socket.write(writer.frame())
  }

  #write(name: ApiName, version: number, reader: WireReader, writer: WireWriter): void {
    const { cluster, number, age } = this.#options
    const [from, to] = name === 'ApiVersions' ? [0, 4] : versions[age][name]
    if (version < from || version > to || version !== apis[name][1])
      throw new ProtocolViolation(`${name} in version ${version}, where ${from} to ${to} are spoken`)
    if (name === 'ApiVersions') this.#answerVersions(writer)
    else if (name === 'Metadata') answerMetadata(reader, writer, cluster)
    else if (name === 'InitProducerId') answerInitProducerId(reader, writer, cluster)
    else if (name === 'Produce') answerProduce(reader, writer, number, cluster)
    else if (name === 'SaslHandshake') this.#shakeHands(reader, writer)
    else this.#login(reader, writer)
    reader.end()
  }

  #answerVersions(writer: WireWriter): void {
    const offered = Object.entries(versions[this.#options.age])
    writer.int16(0).array(offered, ([name, [from, to]]) =>
      writer
        .int16(apis[name as ApiName][0])
        .int16(from)
        .int16(to),
    )
  }

  #demandLogin(name: ApiName): void {
    if (this.#options.login === undefined || name === 'ApiVersions' || this.#sasl?.isDone === true) return
    const expected = this.#sasl === undefined ? 'SaslHandshake' : 'SaslAuthenticate'
    if (name !== expected) throw new ProtocolViolation(`${name} before ${expected}`)
  }

  #shakeHands(reader: WireReader, writer: WireWriter): void {
    const { login } = this.#options
    const isOffered = login !== undefined && reader.string() === login.mechanism
    if (isOffered) this.#sasl = createSaslServer(login)
    writer.int16(errorCodes[isOffered ? 'none' : 'unsupportedSaslMechanism'])
    writer.array(login === undefined ? [] : [login.mechanism], (mechanism) => writer.string(mechanism))
  }

  #login(reader: WireReader, writer: WireWriter): void {
    const answer = this.#sasl?.answer(reader.bytes())
    writer.int16(errorCodes[answer === undefined ? 'saslAuthenticationFailed' : 'none'])
    writer.string(answer === undefined ? 'the name or the password is wrong' : undefined)
    writer.bytes(answer ?? Buffer.alloc(0))
    // Brokers end the connection of who could not log in.
    if (answer === undefined) setImmediate(() => this.#socket.end())
  }
}
