import { defineProblem, type Clock } from '@gateward/kernel'
import type { Exchange } from '../../exchange/exchange.ts'
import { pass, type Guard, type GuardInput, type Verdict } from '../guard.ts'
import { AddressList } from './address-list.ts'
import { parseAddress } from './network.ts'
import type { AddressSettings } from './settings.ts'

/** Refuses denied addresses, and where some are allowed, all others. */
export class AddressGuard implements Guard {
  readonly #clock: Clock
  readonly #allow: AddressList | undefined
  readonly #deny: AddressList

  constructor({ settings, services }: GuardInput<AddressSettings>) {
    this.#clock = services.clock
    // A list whose entries have all ended still closes the gate: what was allowed for a while is not open for ever.
    this.#allow = settings.allow.length === 0 ? undefined : new AddressList(settings.allow)
    this.#deny = new AddressList(settings.deny)
  }

  onRequest(exchange: Exchange): Verdict {
    const address = parseAddress(exchange.client.text)
    if (address === undefined) return refuse('the client address cannot be read')
    const now = this.#clock.now()
    const denied = this.#deny.find(address, now)
    if (denied !== undefined) return refuse(`the address is denied: ${denied.reason ?? 'no reason given'}`)
    if (this.#allow === undefined || this.#allow.find(address, now) !== undefined) return pass
    return refuse('the address is not on the list of allowed ones')
  }
}

function refuse(reason: string): Verdict {
  return { kind: 'refuse', problem: defineProblem('ADDRESS_DENIED', reason) }
}
