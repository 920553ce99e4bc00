import { timingSafeEqual } from 'node:crypto'
import type { KafkaConnection } from './connection.ts'
import { KafkaError } from './kafka-error.ts'
import { authenticate, shakeHands } from './requests.ts'
import { ScramClient } from './scram-client.ts'
import type { KafkaSettings } from './settings.ts'

type Sasl = NonNullable<KafkaSettings['sasl']>

/** Logs in by SASL: PLAIN (RFC 4616) or SCRAM (RFC 5802). */
export async function logIn(connection: KafkaConnection, sasl: Sasl, signal: AbortSignal): Promise<void> {
  const mechanism = sasl.mechanism.toUpperCase()
  const { error, offered } = await connection.request(shakeHands(mechanism), signal)
  if (error !== 0)
    throw new KafkaError(
      `the brokers take no login by ${mechanism}; they offer ${offered.join(', ') || 'none'}`,
    )
  const show = async (message: string): Promise<string> => {
    const answer = await connection.request(authenticate(Buffer.from(message)), signal)
    if (answer.error === 0) return answer.bytes.toString()
    throw new KafkaError(
      `the login of ${sasl.username} was refused${answer.told === undefined ? '' : `: ${answer.told}`}`,
    )
  }
  const { username, password } = sasl
  if (mechanism === 'PLAIN') await show(`\0${username}\0${password.reveal()}`)
  else await scram(mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512', username, password.reveal(), show)
}

async function scram(
  digest: 'sha256' | 'sha512',
  username: string,
  password: string,
  show: (message: string) => Promise<string>,
): Promise<void> {
  const client = new ScramClient(digest, username, password)
  const final = await client.final(await show(client.first))
  const shown = Buffer.from(/^v=([A-Za-z0-9+/=]+)/.exec(await show(final.message))?.[1] ?? '', 'base64')
  // Whoever does not know the password either is not the broker.
  if (shown.length !== final.signature.length || !timingSafeEqual(shown, final.signature))
    throw new KafkaError('the broker could not show that it knows the password')
}
