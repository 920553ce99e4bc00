import { Fault } from '@gateward/kernel'
import { associatedData } from '../../crypto/associated-data.ts'
import type { KeyEncryptionKey } from '../key-encryption-key.ts'
import { refused, unavailable } from '../provider-request.ts'
import type { Pkcs11Settings } from '../settings.ts'
import { TokenClient, type TokenOutcome, type TokenPatience } from './token-client.ts'

/**
 * An AES key in a token behind a PKCS#11 module; the context is the associated data of its AES-GCM. Its id has the form of
 * RFC 7512.
 *
 * @throws Fault `KEK_UNUSABLE` on Windows, where the structures of PKCS#11 are packed otherwise
 */
export function createPkcs11Key(settings: Pkcs11Settings, patience?: TokenPatience): KeyEncryptionKey {
  if (process.platform === 'win32')
    throw new Fault('KEK_UNUSABLE', 'the provider pkcs11 is not there on Windows', { source: 'gateway' })
  const { module, token, serial, key, pin } = settings
  const id = `pkcs11:token=${encodeURIComponent(token)};object=${encodeURIComponent(key)}`
  const client = new TokenClient(() => ({ module, token, serial, key, pin: pin.reveal() }), patience)
  return {
    id,
    async wrap(material, context) {
      const outcome = await client.ask('wrap', material, associatedData(context))
      return bytesOf(outcome, id, context).toString('base64url')
    },
    async unwrap(wrapped, context) {
      const message = Buffer.from(wrapped, 'base64url')
      // Only the one right spelling, so that no character can be changed unnoticed.
      if (message.toString('base64url') !== wrapped) throw refused(id, context)
      return bytesOf(await client.ask('unwrap', message, associatedData(context)), id, context)
    },
  }
}

function bytesOf(outcome: TokenOutcome, id: string, context: string): Buffer {
  if (outcome.kind === 'done') return outcome.bytes
  if (outcome.kind === 'refused') throw refused(id, context)
  const message = `${id}: ${outcome.message}`
  // Not `KEK_UNUSABLE`: nothing that was wrapped is lost.
  if (outcome.failure !== 'unavailable') throw new Fault('KEK_UNAVAILABLE', message, { source: 'gateway' })
  throw unavailable(message)
}
