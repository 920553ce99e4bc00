import type { Problem } from '@gateward/kernel'
import type { Exchange } from '../../exchange/exchange.ts'
import { pass, type Awaitable, type Guard, type Verdict } from '../guard.ts'
import type { CredentialReader } from './credential-reader.ts'
import type { CredentialSource, CredentialVerdict, VerifiedCredential } from './credential.ts'
import { toIdentity, type Identity, type ShownCredential } from './identity.ts'
import type { Refusals } from './refusals.ts'
import type { Alternative, Requirements } from './requirements.ts'

type Verdicts = readonly (CredentialVerdict | undefined)[]

/** Authentication of one operation. */
export class AuthenticationGuard implements Guard {
  readonly #requirements: Requirements
  /** In the order of the requirements' sources. */
  readonly #readers: readonly CredentialReader[]
  /** By source: the scheme for which its credential alone is enough, in the first alternative that it meets. */
  readonly #alone: readonly (string | undefined)[]
  readonly #refusals: Refusals
  readonly #hideStrayKeys: ((exchange: Exchange) => void) | undefined

  constructor(parts: {
    readonly requirements: Requirements
    readonly readers: readonly CredentialReader[]
    readonly refusals: Refusals
    readonly hideStrayKeys: ((exchange: Exchange) => void) | undefined
  }) {
    this.#requirements = parts.requirements
    this.#readers = parts.readers
    this.#alone = parts.requirements.sources.map((_, source) => schemeAlone(parts.requirements, source))
    this.#refusals = parts.refusals
    this.#hideStrayKeys = parts.hideStrayKeys
  }

  onRequest(exchange: Exchange): Awaitable<Verdict> {
    this.#hideStrayKeys?.(exchange)
    const verdicts: (CredentialVerdict | undefined)[] = []
    let pending: Promise<CredentialVerdict | undefined>[] | undefined
    for (const read of this.#readers) {
      const verdict = read(exchange)
      if (verdict instanceof Promise) (pending ??= verdicts.map(async (known) => known)).push(verdict)
      else if (pending === undefined) verdicts.push(verdict)
      else pending.push(Promise.resolve(verdict))
    }
    if (pending === undefined) return this.#decide(exchange, verdicts)
    return Promise.all(pending).then((settled) => this.#decide(exchange, settled))
  }

  #decide(exchange: Exchange, verdicts: Verdicts): Verdict {
    let presented = 0
    let latest = 0
    for (let index = 0; index < verdicts.length; index++) {
      const verdict = verdicts[index]
      if (verdict === undefined) continue
      // Also where nobody needs a credential: who shows one that is not good must not be taken for a stranger.
      if (verdict.kind === 'refused')
        return refuse(
          this.#refusals.refused(this.#requirements.sources[index] as CredentialSource, verdict.reason),
        )
      presented++
      latest = index
    }
    if (presented > 0) {
      const identity = this.#identify(verdicts, presented === 1 ? latest : undefined)
      if (identity !== undefined) return admit(exchange, identity)
    }
    if (this.#requirements.anonymous) return pass
    return refuse(presented > 0 ? this.#refusals.incomplete : this.#refusals.missing)
  }

  /** @param only the source whose credential is the only one that was shown */
  #identify(verdicts: Verdicts, only: number | undefined): Identity | undefined {
    const alone = only === undefined ? undefined : this.#alone[only]
    if (alone !== undefined)
      return toIdentity([{ scheme: alone, credential: verdicts[only as number] as VerifiedCredential }])
    for (const alternative of this.#requirements.alternatives) {
      const [first, ...others] = shownFor(alternative, verdicts)
      if (first !== undefined) return toIdentity([first, ...others])
    }
    return undefined
  }
}

function schemeAlone({ alternatives }: Requirements, source: number): string | undefined {
  const first = alternatives.find((alternative) => alternative.every((needed) => needed.source === source))
  return first?.length === 1 ? first[0]?.scheme : undefined
}

/** The credentials that meet an alternative; none where one of them was not shown. */
function shownFor(alternative: Alternative, verdicts: Verdicts): readonly ShownCredential[] {
  const shown: ShownCredential[] = []
  for (const { scheme, source } of alternative) {
    const credential = verdicts[source]
    if (credential === undefined || credential.kind === 'refused') return []
    shown.push({ scheme, credential })
  }
  return shown
}

function admit(exchange: Exchange, { principal, headers }: Identity): Verdict {
  exchange.identify(principal)
  exchange.upstreamHeaders.push(...headers)
  return pass
}

function refuse(problem: Problem): Verdict {
  return { kind: 'refuse', problem }
}
