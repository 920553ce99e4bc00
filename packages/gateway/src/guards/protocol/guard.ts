import { defineProblem, type Problem } from '@gateward/kernel'
import type { Exchange, ReceivedRequest } from '../../exchange/exchange.ts'
import { defineGuard, pass, type Guard, type Verdict } from '../guard.ts'
import { findFieldFlaw } from './field-flaws.ts'
import { protocolSettings, type ProtocolSettings } from './settings.ts'

/**
 * Refuses well-formed messages that ask for what HTTP of this gateway does not offer: methods, upgrades, bodies where none
 * belong, codings, and fields that a service could read differently. What has no single reading never comes this far.
 */
export const protocolGuard = defineGuard<ProtocolSettings>({
  name: 'protocol',
  settings: protocolSettings,
  fixed: ['wire'],
  compile: ({ settings, operation }): Guard =>
    new ProtocolGuard(settings, operation?.requestBody !== undefined),
})

class ProtocolGuard implements Guard {
  readonly #methods: ReadonlySet<string>
  readonly #bodyless: ReadonlySet<string>
  readonly #codings: ReadonlySet<string>
  readonly #websocket: boolean
  readonly #maxBody: number
  readonly #methodProblem: Problem

  constructor(settings: ProtocolSettings, declaresBody: boolean) {
    this.#methods = new Set<string>(settings.methods)
    this.#bodyless = new Set<string>(declaresBody ? [] : settings.bodyless)
    this.#codings = new Set<string>([...settings.contentEncodings, 'identity'])
    this.#websocket = settings.websocket
    this.#maxBody = settings.maxBody
    this.#methodProblem = defineProblem('METHOD_NOT_ALLOWED', 'the method is not one of protocol.methods', {
      headers: [['allow', settings.methods.join(', ')]],
    })
  }

  onRequest(exchange: Exchange): Verdict {
    const { request } = exchange
    if (!this.#methods.has(request.method)) return { kind: 'refuse', problem: this.#methodProblem }
    const problem =
      this.#upgradeProblem(request) ??
      findFieldFlaw(request.headers) ??
      (request.hasBody ? this.#bodyProblem(request) : undefined)
    return problem === undefined ? pass : { kind: 'refuse', problem }
  }

  #upgradeProblem({ upgrade }: ReceivedRequest): Problem | undefined {
    if (upgrade === undefined || (this.#websocket && upgrade === 'websocket')) return undefined
    return upgrade === 'websocket' ? websocketRefused : upgradeRefused
  }

  #bodyProblem({ method, headers, contentLength }: ReceivedRequest): Problem | undefined {
    if (this.#bodyless.has(method)) return bodyWithoutMeaning
    if (contentLength !== undefined && contentLength > this.#maxBody) return tooLarge
    const coding = headers.getJoined('content-encoding')
    return coding === undefined || this.#codings.has(coding.toLowerCase()) ? undefined : codingRefused
  }
}

const websocketRefused = defineProblem(
  'UPGRADE_REFUSED',
  'the operation does not take WebSockets (protocol.websocket)',
)
const upgradeRefused = defineProblem(
  'UPGRADE_REFUSED',
  'no other protocol than WebSocket is ever switched to',
)
const bodyWithoutMeaning = defineProblem('BAD_REQUEST', 'the method takes no body (protocol.bodyless)')
const tooLarge = defineProblem('PAYLOAD_TOO_LARGE', 'the declared Content-Length is over protocol.maxBody')
const codingRefused = defineProblem(
  'UNSUPPORTED_MEDIA_TYPE',
  'the Content-Encoding is not one of protocol.contentEncodings',
)
