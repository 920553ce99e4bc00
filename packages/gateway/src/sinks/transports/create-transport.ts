import type { SinkSettings } from '../settings.ts'
import { fileTransport, stdoutTransport } from './file.ts'
import { elasticsearchTransport, httpTransport, lokiTransport, splunkTransport } from './http.ts'
import { kafkaTransport } from './kafka/kafka-transport.ts'
import { syslogTransport } from './syslog.ts'
import type { ByteTransport, Transport } from './transport.ts'

/** Opens what the settings of a sink name; they name exactly one. */
export function createTransport(
  settings: SinkSettings,
  host: string,
  now: () => number,
): Transport | ByteTransport {
  const { file, syslog, splunk, elasticsearch, loki, kafka, http } = settings
  if (file !== undefined) return fileTransport(file)
  if (syslog !== undefined) return syslogTransport(syslog, host, now)
  if (splunk !== undefined) return splunkTransport(splunk, host)
  if (elasticsearch !== undefined) return elasticsearchTransport(elasticsearch)
  if (loki !== undefined) return lokiTransport(loki, host, now)
  if (kafka !== undefined) return kafkaTransport(kafka)
  return http === undefined ? stdoutTransport() : httpTransport(http)
}
