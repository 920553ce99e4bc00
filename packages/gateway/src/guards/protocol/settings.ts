import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { duration, size } from '../../settings/units.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'] as const
const codings = ['gzip', 'deflate', 'br', 'zstd'] as const

const count = (byDefault: number, most: number) => z.int().min(1).max(most).default(byDefault)

// None would wait for ever, and timers cannot count much beyond three weeks.
const wait = (byDefault: string) =>
  duration(byDefault).refine((milliseconds) => milliseconds >= 1 && milliseconds <= 86_400_000, {
    error: 'between 1ms and 24h',
  })

/** Bounds on a JSON request body; `JsonLimits` without `strict`, which is not optional for requests. */
const jsonSettings = z.strictObject({
  maxDepth: count(32, 256).describe('Deepest nesting of arrays and objects.'),
  maxKeys: count(1_000, 1_000_000).describe('Most keys in the whole text.'),
  maxElements: count(10_000, 10_000_000).describe('Most array elements in the whole text.'),
  maxString: count(65_536, 1 << 28).describe('Longest string and key, in characters.'),
  maxNumber: count(64, 4_096).describe('Most characters of one number.'),
})

const timeoutSettings = z.strictObject({
  handshake: wait('10s').describe('From the connection to the end of the TLS handshake.'),
  headers: wait('10s').describe('From the first byte of a request to the end of its header section.'),
  request: wait('5m').describe('From the first byte of a request to the last byte of its body.'),
  keepAlive: wait('65s').describe('How long a connection may wait for its next request.'),
  write: wait('30s').describe('How long a client may take nothing of an answer that is ready for it.'),
})

const connectionSettings = z.strictObject({
  max: count(10_000, 1_000_000).describe('Most connections at a time on one port.'),
  maxPerAddress: count(512, 1_000_000).describe(
    'Most connections at a time from one address (IPv6: one network).',
  ),
  maxRequests: count(100_000, 1_000_000_000).describe('Most requests on one connection; then it is closed.'),
  maxPipelined: count(64, 1_024).describe(
    'Most HTTP/1.1 requests on one connection that wait for an answer.',
  ),
})

const http2Settings = z.strictObject({
  maxStreams: count(128, 1_000).describe('Most concurrent streams of one connection.'),
  maxResets: count(100, 100_000).describe(
    'Most streams that a connection may cancel within ten seconds (rapid reset, CVE-2023-44487).',
  ),
  maxSettings: count(32, 1_000).describe('Most entries of one SETTINGS frame.'),
})

/** What the server holds every message to, before any route is known. An API or operation cannot override it. */
export const wireSettings = z.strictObject({
  headerBytes: size('16KB')
    .refine((bytes) => bytes >= 1_024 && bytes <= 1_048_576, { error: 'between 1KB and 1MB' })
    .describe('Most bytes of a header section, the request line included.'),
  headerCount: count(100, 1_000).describe('Most header lines of a request.'),
  urlLength: count(8_192, 65_536).describe('Most characters of a request target.'),
  minimumBodyRate: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(240)
    .describe('Bytes a second below which a body is too slow, after five seconds of grace; 0: none.'),
  timeouts: timeoutSettings.prefault({}).describe('How long each part of an exchange may take on the wire.'),
  connections: connectionSettings.prefault({}).describe('How many connections and what each may ask.'),
  http2: http2Settings.prefault({}).describe('Bounds that only HTTP/2 needs.'),
})

/** The settings of the protocol guard. */
export const protocolSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  wire: wireSettings.prefault({}).describe('What the server holds every message to; the same for all APIs.'),
  methods: z
    .array(z.enum(methods))
    .min(1)
    .default([...methods])
    .describe('Methods that are accepted at all; the contract narrows them. CONNECT and TRACE never are.'),
  bodyless: z
    .array(z.enum(methods))
    .default(['GET', 'HEAD'])
    .describe(
      'Methods whose requests may carry no body unless the contract declares one (RFC 9110 section 9.3.1).',
    ),
  websocket: z.boolean().default(false).describe('Whether `Upgrade: websocket` is let through.'),
  contentEncodings: z
    .array(z.enum(codings))
    .default(['gzip', 'deflate', 'br'])
    .describe('Codings that a request body may come in.'),
  maxBody: size('1MB').describe('Most bytes of a request body, before and after decoding.'),
  maxItem: size('1MB').describe(
    'Most bytes of one item where JSON lines go to the service item by item: without a declared length, or longer than 1 MiB.',
  ),
  maxAnswer: size('8MB').describe(
    'Most bytes of an answer that a guard has to see whole; a longer one is a fault of the upstream.',
  ),
  bodyTimeout: wait('30s').describe('How long a body that is held whole may take to arrive.'),
  json: jsonSettings.prefault({}).describe('Bounds on a JSON request body.'),
})

/** What the server holds every message to. */
export type WireLimits = z.infer<typeof wireSettings>

export type ProtocolSettings = z.infer<typeof protocolSettings>

/** A coding of request bodies that can be taken off. */
export type ContentCoding = (typeof codings)[number]
