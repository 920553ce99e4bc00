import { isIP } from 'node:net'
import { buildConnector, Client, type Dispatcher } from 'undici'

/** What a connection to a target is made with. */
export interface ConnectionOptions {
  /** Scheme, host and port. */
  readonly origin: string
  /** The name (or address) that the target's certificate must have. */
  readonly serverName: string
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly responseTimeout: number
  readonly idleTimeout: number
  readonly keepAlive: number
  /** `ca`, `cert`, `key`, `minVersion`, `rejectUnauthorized`; not used for http. */
  readonly tls: buildConnector.BuildOptions
}

/** What is sent on a connection; `servername` is what the HTTP client would else take from the `host` field. */
export interface DispatchRequest extends Dispatcher.DispatchOptions {
  readonly servername: string
}

/**
 * One keep-alive connection to a target: HTTP/1.1, one request at a time. It opens with the first request and again
 * with the next one after it was closed.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #connect: buildConnector.connector
  #client: Client
  #open = false
  #failed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#connect = buildConnector({ ...options.tls, allowH2: false, timeout: options.connectTimeout })
    this.#client = this.#createClient()
  }

  /** Whether there is a socket now. */
  get isOpen(): boolean {
    return this.#open
  }

  /** Whether the socket broke, as opposed to being closed: an answer that ends with the connection was then cut off. */
  get hasFailed(): boolean {
    return this.#failed
  }

  dispatch(request: DispatchRequest, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(request, handler)
  }

  /** Gives up a request that still waits for the socket to open. */
  reset(): void {
    const client = this.#client
    this.#client = this.#createClient()
    void client.destroy()
  }

  /** Breaks off whatever is under way, and waits until the socket is gone. */
  async destroy(): Promise<void> {
    await this.#client.destroy()
  }

  #createClient(): Client {
    const { origin, responseTimeout, idleTimeout, keepAlive } = this.#options
    return new Client(origin, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: responseTimeout,
      bodyTimeout: idleTimeout,
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      maxHeaderSize: maximumHeaderBytes,
      connect: (options, callback) => this.#openSocket(options, callback),
    })
  }

  #openSocket(options: buildConnector.Options, callback: buildConnector.Callback): void {
    // Never from the `host` field, which the client may have written: it would choose the name that is verified.
    const { serverName } = this.#options
    const named = isIP(serverName) === 0 ? { ...options, servername: serverName } : withoutName(options)
    this.#connect(named, (...outcome) => {
      const [error, socket] = outcome
      if (error !== null) {
        callback(error, null)
        return
      }
      this.#open = true
      this.#failed = false
      socket.once('close', () => (this.#open = false))
      // Heard before the HTTP client hears it, which takes a reset for the end of an answer without a length.
      socket.on('error', () => (this.#failed = true))
      callback(null, socket)
    })
  }
}

function withoutName(options: buildConnector.Options): buildConnector.Options {
  const { servername: _unused, ...rest } = options
  return rest
}

/** Most bytes of an answer's head. */
const maximumHeaderBytes = 65_536
