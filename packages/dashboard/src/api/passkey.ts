import type { AdminAnswer, AdminBody } from '@gateward/gateway/admin-contract'
import { AdminError } from './client.ts'

type Ceremony = AdminAnswer<'beginPasskeyLogin'>
type Proof = AdminBody<'logInWithPasskey'>

/** Lets the browser make a passkey (WebAuthn Level 3 section 5.1.3). @throws AdminError where nobody agreed or no browser can */
export function makePasskey({ flow, options }: Ceremony): Promise<Proof> {
  return perform(flow, () =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        options as unknown as PublicKeyCredentialCreationOptionsJSON,
      ),
    }),
  )
}

/** Lets the browser prove that somebody has a passkey (section 5.1.4). @throws AdminError where nobody agreed or no browser can */
export function showPasskey({ flow, options }: Ceremony): Promise<Proof> {
  return perform(flow, () =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        options as unknown as PublicKeyCredentialRequestOptionsJSON,
      ),
    }),
  )
}

async function perform(flow: string, ask: () => Promise<Credential | null>): Promise<Proof> {
  if (!('PublicKeyCredential' in globalThis)) throw new AdminError(0, 'This browser knows no passkeys.')
  const credential = await ask().catch((error: unknown) => {
    throw new AdminError(0, `The browser gave no passkey: ${String(error)}`)
  })
  if (!(credential instanceof PublicKeyCredential)) throw new AdminError(0, 'The browser gave no passkey.')
  return { flow, response: credential.toJSON() as unknown as Proof['response'] }
}
