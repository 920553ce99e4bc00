// The process in which a token's module runs: its calls block, and what crashes in it takes no gateway with it.
import { Token } from './token.ts'
import { TokenFailure, type TokenAnswer, type TokenRequest } from './token-messages.ts'

let token: Token | undefined

// It ends with the gateway, which may have more to ask after a signal that a terminal sends to both.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => {
  token?.finalize()
  process.exit()
})

process.on('message', (request: TokenRequest) => {
  if (request.kind === 'open') token = new Token(request.address)
  else answer(respond(request))
})

function respond({ kind, id, bytes, associated }: Exclude<TokenRequest, { kind: 'open' }>): TokenAnswer {
  const input = Buffer.from(bytes)
  try {
    if (token === undefined) throw new Error('nothing was opened')
    const output = kind === 'wrap' ? token.wrap(input, associated) : token.unwrap(input, associated)
    return output === undefined ? { kind: 'refused', id } : { kind: 'done', id, bytes: output }
  } catch (thrown) {
    const failure = thrown instanceof TokenFailure ? thrown.failure : 'unavailable'
    return { kind: 'failed', id, failure, message: thrown instanceof Error ? thrown.message : String(thrown) }
  } finally {
    input.fill(0)
    bytes.fill(0)
  }
}

function answer(message: TokenAnswer): void {
  process.send?.(message, undefined, undefined, () => {
    if (message.kind === 'done') message.bytes.fill(0)
  })
}
