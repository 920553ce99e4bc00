import type { Transport } from '../sinks/transports/transport.ts'
import type { OtlpPoster } from './otlp-poster.ts'
import type { Sender } from './resource.ts'

/**
 * Brings what waits in a queue, a line of JSON each, into the envelope of its signal. The lines are not parsed: they are
 * objects of the list already, one or, with a comma between, some.
 */
export function lineTransport(signal: 'traces' | 'logs', sender: Sender, poster: OtlpPoster): Transport {
  const { all, scoped, items } = envelopes[signal]
  const head = `{"${all}":[{"resource":${JSON.stringify(sender.resource)},"${scoped}":[{"scope":${JSON.stringify(sender.scope)},"${items}":[`
  return {
    send: (lines) => poster.send(`${head}${lines.join(',')}]}]}]}`, lines.length),
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

const envelopes = {
  traces: { all: 'resourceSpans', scoped: 'scopeSpans', items: 'spans' },
  logs: { all: 'resourceLogs', scoped: 'scopeLogs', items: 'logRecords' },
} as const
