import { Breather } from '@gateward/kernel'
import type { Transport } from '../sinks/transports/transport.ts'
import type { OtlpPoster } from './otlp-poster.ts'
import { encode } from './protobuf/encode.ts'
import { exportRequests } from './protobuf/messages.ts'
import type { Sender } from './resource.ts'

/**
 * Brings what waits in a queue, a line of JSON each, into the envelope of its signal. A line holds objects of the list, one
 * or, with a comma between, some; for a receiver of JSON they are not even parsed.
 */
export function lineTransport(signal: 'traces' | 'logs', sender: Sender, poster: OtlpPoster): Transport {
  const write = poster.encoding === 'json' ? inJson(signal, sender) : inProtobuf(signal, sender)
  return {
    send: async (lines) => poster.send(await write(lines), lines.length),
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

type BatchWriter = (lines: readonly string[]) => string | Promise<Buffer>

function inJson(signal: 'traces' | 'logs', sender: Sender): BatchWriter {
  const { all, scoped, items } = envelopes[signal]
  const head = `{"${all}":[{"resource":${JSON.stringify(sender.resource)},"${scoped}":[{"scope":${JSON.stringify(sender.scope)},"${items}":[`
  return (lines) => `${head}${lines.join(',')}]}]}]}`
}

/**
 * Resource and scope stand before each stretch of lines: messages that follow one another are one message, whose lists are
 * joined. So it is written in turns with everything else of the process.
 */
function inProtobuf(signal: 'traces' | 'logs', { resource, scope }: Sender): BatchWriter {
  const { all, scoped, items } = envelopes[signal]
  return async (lines) => {
    const breather = new Breather()
    const pieces: Buffer[] = []
    for (let from = 0; from < lines.length; from += stretch) {
      const objects = JSON.parse(`[${lines.slice(from, from + stretch).join(',')}]`) as readonly object[]
      const request = { [all]: [{ resource, [scoped]: [{ scope, [items]: objects }] }] }
      pieces.push(encode(exportRequests[signal], request))
      await breather.pause()
    }
    return Buffer.concat(pieces)
  }
}

/** Lines that are written at once, some two milliseconds' work. */
const stretch = 64

const envelopes = {
  traces: { all: 'resourceSpans', scoped: 'scopeSpans', items: 'spans' },
  logs: { all: 'resourceLogs', scoped: 'scopeLogs', items: 'logRecords' },
} as const
