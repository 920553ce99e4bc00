import { isIP } from 'node:net'
import { z } from 'zod'
import { certificateAuthority, isThisMachine } from '../../../delivery/settings.ts'
import { path, secret } from '../../../settings/references.ts'
import { duration } from '../../../settings/units.ts'

const broker = z.string().transform((text, context) => {
  const address = parseBroker(text)
  if (address !== undefined) return address
  context.addIssue({ code: 'custom', message: 'write a broker as host:port, such as kafka-1.example:9093' })
  return z.NEVER
})

/** Where a broker is: a host, without the brackets of an IPv6 address, and its port. */
export interface KafkaAddress {
  readonly host: string
  readonly port: number
}

function parseBroker(text: string): KafkaAddress | undefined {
  const [, bracketed, name, digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  const host = bracketed ?? name
  if (host === undefined || port < 1 || port > 65_535) return undefined
  return bracketed === undefined || isIP(bracketed) === 6 ? { host, port } : undefined
}

const tls = z
  .strictObject({
    ca: certificateAuthority,
    cert: path().optional().describe('PEM file of a client certificate.'),
    key: path().optional().describe('PEM file of its private key.'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'a client certificate needs both cert and key',
  })

/** Apache Kafka, and what speaks its protocol. */
export const kafkaSettings = z
  .strictObject({
    brokers: z
      .array(broker)
      .min(1)
      .max(50)
      .describe('Brokers that tell of the others, such as kafka-1.example:9093.'),
    topic: z
      .string()
      .regex(/^(?!\.\.?$)[A-Za-z0-9._-]{1,249}$/, {
        error: "write a topic's name: letters, digits, '.', '_' and '-'",
      })
      .describe('The topic; it is not made where it is not there.'),
    tls: z
      .union([tls, z.literal(false)])
      .prefault({})
      .describe('How brokers are verified; `false` speaks without TLS, to brokers on this machine only.'),
    sasl: z
      .strictObject({
        mechanism: z
          .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
          .describe('How the name and the password are shown.'),
        username: z
          .string()
          .regex(/^[^\0]{1,255}$/, { error: 'write a name' })
          .describe('The name.'),
        password: secret().describe('The password.'),
      })
      .optional()
      .describe('How the gateway logs in, where a client certificate is not enough.'),
    key: z
      .enum(['none', 'api', 'consumer'])
      .default('none')
      .describe('The key of a message: events with the same one are in one partition, in order.'),
    compression: z.enum(['none', 'gzip', 'zstd']).default('gzip').describe('How batches are compressed.'),
    idempotent: z
      .boolean()
      .default(true)
      .describe('Whether brokers drop what a retried request brings twice; they must allow IdempotentWrite.'),
    deadline: duration('10s').describe(
      'How long an attempt may take, until all replicas in sync have the batch.',
    ),
  })
  .refine(({ tls, brokers }) => tls !== false || brokers.every(({ host }) => isThisMachine(host)), {
    path: ['tls'],
    error: 'brokers elsewhere than on this machine are spoken to over TLS',
  })

export type KafkaSettings = z.output<typeof kafkaSettings>
