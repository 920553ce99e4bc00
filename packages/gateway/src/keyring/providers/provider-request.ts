import { Fault } from '@gateward/kernel'
import { request } from 'undici'

/** One request to a provider. */
export interface ProviderRequest {
  /** What people call the provider, such as `Vault`. */
  readonly provider: string
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What a provider answered. */
export interface ProviderAnswer {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
}

/** Milliseconds for one request, from the first packet to the last. */
const providerDeadline = 10_000
const mostAnswerBytes = 65_536

/**
 * Asks a provider for JSON: no redirect, within 10 s in all, at most 64 KB, its certificate always verified.
 *
 * @throws Fault `KEK_UNAVAILABLE` where there is no answer, or one that another try may change (429 or 5xx)
 */
export async function askProvider({
  provider,
  url,
  method = 'POST',
  headers = {},
  body,
}: ProviderRequest): Promise<ProviderAnswer> {
  const where = `${provider} at ${new URL(url).origin}`
  try {
    const answer = await request(url, {
      method,
      headers: { accept: 'application/json', ...headers },
      body: body ?? null,
      signal: AbortSignal.timeout(providerDeadline),
    })
    const json = parse(await readBounded(answer.body))
    if (answer.statusCode === 429 || answer.statusCode >= 500)
      throw new Error(`it answers ${answer.statusCode}`)
    return { status: answer.statusCode, json }
  } catch (cause) {
    throw unavailable(`${where} cannot be asked: ${reasonOf(cause)}`, cause)
  }
}

/** The provider cannot be used now, or not by this gateway. */
export function unavailable(message: string, cause?: unknown): Fault {
  return new Fault('KEK_UNAVAILABLE', message, { source: 'gateway', retryable: true, cause })
}

/** The provider's key has not wrapped what it was asked to unwrap. */
export function refused(kekId: string, context: string): Fault {
  return new Fault(
    'KEK_REFUSED',
    `the key-encryption key ${kekId} has not wrapped ${context}, or it was changed`,
    {
      source: 'gateway',
    },
  )
}

/** A member of an answer that must be a text. */
export function textOf(json: Readonly<Record<string, unknown>>, name: string, provider: string): string {
  const value = json[name]
  if (typeof value === 'string') return value
  throw unavailable(`the answer of ${provider} has no ${name}`)
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > mostAnswerBytes) throw new Error(`the answer is larger than ${mostAnswerBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.name === 'TimeoutError' ? `no answer in ${providerDeadline / 1_000} s` : cause.message
}
