import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { isIP } from 'node:net'
import type { Clock } from '@gateward/kernel'
import type { AccountStore, Passkey } from '../../store/account-store.ts'
import { Flows } from './flows.ts'

/** Where a browser is: a passkey belongs to a host name, and is never shown to another. */
export interface Place {
  /** The `Host` field, with its port. */
  readonly host: string
  /** The same without. */
  readonly name: string
}

/** A ceremony that began: what the browser is told, and what it names when it comes back. */
export interface Ceremony {
  readonly flow: string
  readonly options: Readonly<Record<string, unknown>>
}

/** What the browser brings back. */
export interface CeremonyAnswer {
  readonly flow: string
  readonly response: unknown
}

interface Waiting {
  readonly challenge: string
  /** Whose passkey is made: an account's id or a name that is to be; empty: somebody logs in. */
  readonly subject: string
  readonly place: Place
}

/**
 * Passkeys (WebAuthn Level 3): a key pair in an authenticator, which asks for a finger or a PIN. Challenges are used once
 * and end after five minutes.
 */
export class Passkeys {
  readonly #accounts: AccountStore
  readonly #clock: Clock
  readonly #flows: Flows<Waiting>

  constructor(accounts: AccountStore, clock: Clock) {
    this.#accounts = accounts
    this.#clock = clock
    this.#flows = new Flows(clock)
  }

  /** Whether passkeys work there: they belong to names, and an address is none. */
  static workAt({ name }: Place): boolean {
    return isIP(name.replace(/^\[|\]$/g, '')) === 0
  }

  /** @param subject an account's id, or the name of one that is to be made */
  async beginRegistration(
    place: Place,
    subject: string,
    name: string,
    known: readonly Passkey[],
  ): Promise<Ceremony> {
    const { generateRegistrationOptions } = await loadWebAuthn()
    const options = await generateRegistrationOptions({
      rpName: 'Gateward',
      rpID: place.name,
      userName: name,
      attestationType: 'none',
      excludeCredentials: known.map(({ id }) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    return {
      flow: this.#flows.begin({ challenge: options.challenge, subject, place }),
      options: { ...options },
    }
  }

  /** The passkey that was made, for whoever the ceremony began for; `undefined`: it proves nothing. */
  async finishRegistration(
    { flow, response }: CeremonyAnswer,
    subject: string,
    owner: { readonly account: string; readonly label: string },
  ): Promise<Passkey | undefined> {
    const waiting = this.#flows.take(flow)
    if (waiting?.subject !== subject) return undefined
    const { verifyRegistrationResponse } = await loadWebAuthn()
    const result = await verifyRegistrationResponse({
      ...expectations(waiting),
      response: response as RegistrationResponseJSON,
    }).catch(() => undefined)
    if (result?.verified !== true) return undefined
    const { credential } = result.registrationInfo
    return {
      ...owner,
      id: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: credential.transports ?? [],
      createdAt: this.#clock.now(),
      usedAt: undefined,
    }
  }

  async beginLogin(place: Place): Promise<Ceremony> {
    // No list of passkeys: it would tell who has an account.
    const { generateAuthenticationOptions } = await loadWebAuthn()
    const options = await generateAuthenticationOptions({ rpID: place.name, userVerification: 'required' })
    return {
      flow: this.#flows.begin({ challenge: options.challenge, subject: '', place }),
      options: { ...options },
    }
  }

  /** The id of the account whose passkey answered; `undefined`: it proves nothing. */
  async finishLogin({ flow, response }: CeremonyAnswer): Promise<string | undefined> {
    const waiting = this.#flows.take(flow)
    if (waiting?.subject !== '') return undefined
    const answer = response as AuthenticationResponseJSON
    const passkey = await this.#accounts.findPasskey(answer.id)
    if (passkey === undefined) return undefined
    const { verifyAuthenticationResponse } = await loadWebAuthn()
    const result = await verifyAuthenticationResponse({
      ...expectations(waiting),
      response: answer,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    }).catch(() => undefined)
    if (result?.verified !== true) return undefined
    await this.#accounts.usePasskey(passkey.id, result.authenticationInfo.newCounter, this.#clock.now())
    return passkey.account
  }
}

// Loaded when somebody uses a passkey: it is larger than all else that a start reads.
function loadWebAuthn() {
  return import('@simplewebauthn/server')
}

function expectations({ challenge, place }: Waiting) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: `https://${place.host}`,
    expectedRPID: place.name,
    requireUserVerification: true,
  }
}
