import { writeCef } from './formats/cef.ts'
import { writeEcs } from './formats/ecs.ts'
import type { EventWriter, SelectiveWriter } from './formats/event-writer.ts'
import { writeJson } from './formats/json.ts'
import { writeOcsf } from './formats/ocsf.ts'
import type { SinkSettings } from './settings.ts'
import { Sink, type SinkOptions } from './sink.ts'
import { createTransport } from './transports/create-transport.ts'

/** Opens the sink that its settings describe. */
export function createSink(
  settings: SinkSettings,
  options: Omit<SinkOptions, 'queue' | 'transport' | 'write'>,
): Sink {
  const { host, clock } = options
  const write = writers[settings.format]
  return new Sink({
    ...options,
    queue: settings.queue,
    transport: createTransport(settings, host, () => clock.now()),
    write: settings.requests ? write : withoutRequests(write),
  })
}

const writers: Readonly<Record<SinkSettings['format'], EventWriter>> = {
  ocsf: writeOcsf,
  ecs: writeEcs,
  cef: writeCef,
  json: writeJson,
}

function withoutRequests(write: EventWriter): SelectiveWriter {
  return (event, context) => (event.kind === 'request' ? undefined : write(event, context))
}
