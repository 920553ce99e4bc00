import { createCefWriter } from './formats/cef.ts'
import { createEcsWriter } from './formats/ecs.ts'
import type { EventWriter, WritingContext } from './formats/event-writer.ts'
import { createOwnWriter } from './formats/json.ts'
import { createOcsfWriter } from './formats/ocsf.ts'
import { withKeys } from './keyed-lines.ts'
import type { SinkSettings } from './settings.ts'
import { Sink, type SinkOptions } from './sink.ts'
import { createTransport } from './transports/create-transport.ts'

/** Opens the sink that its settings describe. */
export function createSink(
  settings: SinkSettings,
  options: Omit<SinkOptions, 'queue' | 'transport' | 'write'> & WritingContext,
): Sink {
  const { host, clock } = options
  const plain = writers[settings.format](options)
  const key = settings.kafka?.key ?? 'none'
  const write = key === 'none' ? plain : withKeys(plain, key)
  return new Sink({
    ...options,
    queue: settings.queue,
    transport: createTransport(settings, host, () => clock.now()),
    write: settings.requests ? write : withoutRequests(write),
  })
}

const writers: Readonly<Record<SinkSettings['format'], (context: WritingContext) => EventWriter>> = {
  ocsf: createOcsfWriter,
  ecs: createEcsWriter,
  cef: createCefWriter,
  json: createOwnWriter,
}

function withoutRequests(write: EventWriter): EventWriter {
  return (line, event, uid) => event.kind !== 'request' && write(line, event, uid)
}
