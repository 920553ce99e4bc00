import { z } from 'zod'
import { certificateAuthority, endpointUrl } from '../delivery/settings.ts'
import { resolvePath, secret } from '../settings/references.ts'
import { size } from '../settings/units.ts'
import { kafkaSettings } from './transports/kafka/settings.ts'

const ca = certificateAuthority

const sinkSettings = z
  .strictObject({
    format: z
      .enum(['ocsf', 'ecs', 'cef', 'json'])
      .default('json')
      .describe(
        'How an event is written: OCSF 1.3, Elastic Common Schema 8.11, ArcSight CEF, or as Gateward has it itself.',
      ),
    requests: z
      .boolean()
      .default(false)
      .describe('Whether every exchange is sent; else only what was refused, changed, found or broken.'),
    queue: size('256MB').describe(
      'Most disk space, in the folder `data`, for events that wait; beyond it new ones are lost and counted.',
    ),
    file: z
      .strictObject({
        path: z.string().min(1).transform(resolvePath).describe('The file, one event a line.'),
        maxSize: size('100MB').describe('Beyond it the file is renamed to <path>.1 and a new one begun.'),
        keep: z.int().min(1).max(100).default(5).describe('How many renamed files are kept.'),
      })
      .optional()
      .describe('A file with rotation.'),
    stdout: z.literal(true).optional().describe('Standard output.'),
    syslog: z
      .strictObject({
        host: z.string().min(1).max(253).describe('The syslog server.'),
        port: z.int().min(1).max(65_535).default(6514).describe('TCP port.'),
        ca,
        cert: z
          .string()
          .min(1)
          .transform(resolvePath)
          .optional()
          .describe('PEM file of a client certificate.'),
        key: z.string().min(1).transform(resolvePath).optional().describe('PEM file of its private key.'),
      })
      .optional()
      .describe('Syslog (RFC 5424) over TLS (RFC 5425).'),
    splunk: z
      .strictObject({
        url: endpointUrl().describe('The HTTP Event Collector, such as https://splunk.example:8088.'),
        token: secret().describe('Its token.'),
        index: z.string().min(1).optional().describe('The index; else that of the token.'),
        ca,
      })
      .optional()
      .describe('Splunk HTTP Event Collector.'),
    elasticsearch: z
      .strictObject({
        url: endpointUrl().describe('Elasticsearch or OpenSearch, such as https://search.example:9200.'),
        index: z
          .string()
          .regex(/^[a-z0-9][a-z0-9._-]{0,200}$/, { error: 'write an index or data stream in lower case' })
          .default('logs-gateward-default')
          .describe('The index or data stream.'),
        apiKey: secret().optional().describe('An API key, as it is sent: the base64 of id:key.'),
        ca,
      })
      .optional()
      .describe('Elasticsearch bulk API.'),
    loki: z
      .strictObject({
        url: endpointUrl().describe('Grafana Loki, such as https://loki.example:3100.'),
        tenant: z.string().min(1).optional().describe('X-Scope-OrgID, where Loki has tenants.'),
        authorization: secret().optional().describe('The value of the Authorization field.'),
        ca,
      })
      .optional()
      .describe('Grafana Loki.'),
    kafka: kafkaSettings.optional().describe('Apache Kafka, and what speaks its protocol.'),
    http: z
      .strictObject({
        url: endpointUrl().describe('Where events are posted, one a line.'),
        authorization: secret().optional().describe('The value of the Authorization field.'),
        ca,
      })
      .optional()
      .describe('Any service: NDJSON over HTTP.'),
  })
  .refine((sink) => sinkKinds.filter((kind) => sink[kind] !== undefined).length === 1, {
    error: 'a sink is exactly one of file, stdout, syslog, splunk, elasticsearch, loki, kafka and http',
  })

const sinkKinds = ['file', 'stdout', 'syslog', 'splunk', 'elasticsearch', 'loki', 'kafka', 'http'] as const

export type SinkSettings = z.output<typeof sinkSettings>

const sinkName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, {
  error: 'name a sink in lower case, such as siem',
})

/** The root section `events`: where events go. */
export const eventSettings = z.strictObject({
  sinks: z.record(sinkName, sinkSettings).default({}).describe('Where events are sent, by name.'),
})

export type EventSettings = z.output<typeof eventSettings>
