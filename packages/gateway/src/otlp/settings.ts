import { z } from 'zod'
import { certificateAuthority, endpointUrl } from '../delivery/settings.ts'
import { secret } from '../settings/references.ts'
import { duration, size } from '../settings/units.ts'

const queue = size('256MB').describe(
  'Most disk space, in the folder `data`, for what waits; beyond it what comes is lost and counted.',
)

const attributeName = z.string().regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/, {
  error: 'name an attribute as deployment.environment.name is',
})

const traceSettings = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether exchanges are traced.'),
  ratio: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe("The part of the exchanges that is sampled, where the caller's word does not count."),
  follow: z
    .enum(['nobody', 'proxies', 'everybody'])
    .default('proxies')
    .describe(
      'Whose sampled flag in `traceparent` decides instead: that of `trust.proxies`, of every client, or of nobody.',
    ),
  queue,
})

const metricSettings = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether metrics are sent; `/metrics` is there in any case.'),
  every: duration('60s')
    .refine((milliseconds) => milliseconds >= 1_000 && milliseconds <= 3_600_000, {
      error: 'between 1s and 1h',
    })
    .describe('How often.'),
})

const logSettings = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether events are sent as log records.'),
  requests: z
    .boolean()
    .default(false)
    .describe('Whether every exchange is a record; else only what was refused, changed, found or broken.'),
  queue,
})

/** The root section `otlp`: traces, metrics and logs for OpenTelemetry. */
export const otlpSettings = z.strictObject({
  endpoint: endpointUrl()
    .optional()
    .describe(
      'Where an OpenTelemetry collector listens for OTLP over HTTP, such as http://127.0.0.1:4318; `/v1/traces`, `/v1/metrics` and `/v1/logs` are added. Left out: nothing is sent.',
    ),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), secret())
    .default({})
    .describe('Header fields of each request, such as Authorization, each a reference to a secret.'),
  ca: certificateAuthority,
  encoding: z
    .enum(['protobuf', 'json'])
    .default('protobuf')
    .describe(
      'How requests are written: every receiver takes `protobuf`; `json` costs the gateway a little less, and some take it, too.',
    ),
  compression: z.enum(['gzip', 'none']).default('gzip').describe('How bodies are coded.'),
  service: z.string().min(1).max(100).default('gateward').describe('The resource attribute service.name.'),
  attributes: z
    .record(attributeName, z.string().max(500))
    .default({})
    .describe('More attributes of the resource, such as deployment.environment.name.'),
  traces: traceSettings.prefault({}).describe('Spans of exchanges.'),
  metrics: metricSettings.prefault({}).describe('What `/metrics` shows.'),
  logs: logSettings.prefault({}).describe('Events.'),
})

export type OtlpSettings = z.output<typeof otlpSettings>
