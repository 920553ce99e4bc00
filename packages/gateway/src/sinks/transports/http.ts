import { Fault } from '@gateward/kernel'
import { isWorthRetrying, LaterFault, Poster, type PostAnswer } from '../../delivery/post.ts'
import type { SinkSettings } from '../settings.ts'
import type { Refusal, Transport } from './transport.ts'

/** Where batches are posted, and what of an answer says that they arrived. */
interface HttpSink {
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly ca: string | undefined
  readonly body: (lines: readonly string[]) => string
  /** What of the lines an answer of 2xx refuses for ever; throws where some are to be sent again. */
  readonly refused?: (answer: PostAnswer) => Refusal | undefined
}

/** Posts to any service: one event a line. */
export function httpTransport({ url, authorization, ca }: NonNullable<SinkSettings['http']>): Transport {
  return postTo({
    name: 'the HTTP sink',
    url,
    headers: { 'content-type': 'application/x-ndjson', ...authorizationOf(authorization?.reveal()) },
    ca,
    body: (lines) => `${lines.join('\n')}\n`,
  })
}

/** Splunk's HTTP Event Collector. */
export function splunkTransport(
  { url, token, index, ca }: NonNullable<SinkSettings['splunk']>,
  host: string,
): Transport {
  const rest = { host, source: 'gateward', sourcetype: '_json', ...(index === undefined ? {} : { index }) }
  return postTo({
    name: 'Splunk',
    url: `${url.replace(/\/$/, '')}/services/collector/event`,
    headers: { 'content-type': 'application/json', authorization: `Splunk ${token.reveal()}` },
    ca,
    body: (lines) => lines.map((line) => JSON.stringify({ ...rest, event: toEvent(line) })).join('\n'),
  })
}

/** The bulk API of Elasticsearch and OpenSearch; an event that is there already counts as arrived. */
export function elasticsearchTransport(settings: NonNullable<SinkSettings['elasticsearch']>): Transport {
  const { url, index, apiKey, ca } = settings
  return postTo({
    name: 'Elasticsearch',
    url: `${url.replace(/\/$/, '')}/${index}/_bulk`,
    headers: {
      'content-type': 'application/x-ndjson',
      ...authorizationOf(apiKey === undefined ? undefined : `ApiKey ${apiKey.reveal()}`),
    },
    ca,
    body: (lines) =>
      lines.map((line) => `${JSON.stringify({ create: idOf(line) })}\n${asDocument(line)}\n`).join(''),
    refused: readBulkAnswer,
  })
}

/** Grafana Loki's push API. */
export function lokiTransport(
  { url, tenant, authorization, ca }: NonNullable<SinkSettings['loki']>,
  host: string,
  now: () => number,
): Transport {
  return postTo({
    name: 'Loki',
    url: `${url.replace(/\/$/, '')}/loki/api/v1/push`,
    headers: {
      'content-type': 'application/json',
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
      ...authorizationOf(authorization?.reveal()),
    },
    ca,
    body: (lines) => {
      const time = BigInt(now()) * 1_000_000n
      const values = lines.map((line, number) => [String(time + BigInt(number)), line])
      return JSON.stringify({ streams: [{ stream: { job: 'gateward', host }, values }] })
    },
  })
}

function postTo({ name, url, headers, ca, body, refused }: HttpSink): Transport {
  const poster = new Poster(ca)
  return {
    async send(lines) {
      const answer = await poster.post(url, headers, body(lines))
      const { status } = answer
      if (status >= 200 && status < 300) return refused?.(answer)
      // A mistake in the settings (no such token, say) is the operator's to mend; until then nothing may be lost.
      if (isWorthRetrying(status) || [401, 403, 404].includes(status))
        throw new LaterFault(`${name} answered ${status}: ${answer.body.slice(0, 200)}`, answer.retryAfter)
      return { lines: lines.length, reason: `${name} answered ${status}: ${answer.body.slice(0, 200)}` }
    },
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

function authorizationOf(value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { authorization: value }
}

function toEvent(line: string): unknown {
  return line.startsWith('{') ? JSON.parse(line) : line
}

function asDocument(line: string): string {
  if (!line.startsWith('{')) return JSON.stringify({ message: line, '@timestamp': new Date().toISOString() })
  const document = JSON.parse(line) as Readonly<Record<string, unknown>>
  return '@timestamp' in document
    ? line
    : JSON.stringify({ '@timestamp': timeOf(document['time']), ...document })
}

function timeOf(time: unknown): string {
  return typeof time === 'number' || typeof time === 'string'
    ? new Date(time).toISOString()
    : new Date().toISOString()
}

/** The event's own id, so that a repetition is no second document. */
function idOf(line: string): { readonly _id?: string } {
  const id =
    /"uid":"([0-9a-f]{16}-\d+)"/.exec(line)?.[1] ??
    /"id":"([0-9a-f]{16}-\d+)"/.exec(line)?.[1] ??
    /externalId=([0-9a-f]{16}-\d+)/.exec(line)?.[1]
  return id === undefined ? {} : { _id: id }
}

function readBulkAnswer({ body }: PostAnswer): Refusal | undefined {
  // The answer may be longer than what is read of it; then at least its beginning says whether there were errors.
  if (/"errors"\s*:\s*false/.test(body.slice(0, 300))) return undefined
  const statuses = [...body.matchAll(/"status"\s*:\s*(\d{3})/g)].map(([, status]) => Number(status))
  if (statuses.some(isWorthRetrying))
    throw new Fault('DELIVERY_FAILED', 'Elasticsearch did not take all documents', {
      source: 'upstream',
      retryable: true,
    })
  const lines = statuses.filter((status) => status >= 400 && status !== 409).length
  const reason = /"reason"\s*:\s*"([^"\\]{1,200})/.exec(body)?.[1] ?? 'documents were refused'
  return lines === 0 ? undefined : { lines, reason: `Elasticsearch: ${reason}` }
}
