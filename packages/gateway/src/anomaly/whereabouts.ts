import type { Place } from '../geography/geography.ts'
import { findImpossibleTravel, type Journey, type Sighting } from './travel.ts'

/** What a sighting tells that is not as it was. */
export type Whereabout =
  | { readonly measure: 'new-country'; readonly country: string; readonly known: readonly string[] }
  | {
      readonly measure: 'impossible-travel'
      readonly from: Place
      readonly to: Place
      readonly journey: Journey
      readonly minutes: number
    }
  | { readonly measure: 'network-change'; readonly network: number; readonly known: readonly number[] }

/** Requests that a caller must have made, over this long, before a country or network is new to it. */
const enoughRequests = 50
const enoughTime = 86_400_000
const mostKnown = 12

/** Where one caller is seen: countries and networks it comes from, and the last place. */
export class Whereabouts {
  readonly #countries = new Set<string>()
  readonly #networks = new Set<number>()
  #requests = 0
  #since: number | undefined
  #last: Sighting | undefined
  readonly #travelled = new Map<string, number>()

  /** Notes a sighting, and says what is new about it. */
  see(place: Place, time: number): readonly Whereabout[] {
    const { country, autonomousSystem } = place
    if (country === undefined && autonomousSystem === undefined) return []
    this.#requests++
    this.#since ??= time
    const last = this.#last
    if (last?.place === place && time - last.time < 60_000) return []
    this.#last = { place, time }
    const isKnown = this.#requests >= enoughRequests && time - this.#since >= enoughTime
    return [
      ...(isKnown ? this.#findNew(place) : []),
      ...(last === undefined ? [] : this.#findTravel(last, { place, time })),
      ...this.#learn(place),
    ]
  }

  toJSON(): WhereaboutsState {
    return {
      countries: [...this.#countries],
      networks: [...this.#networks],
      requests: this.#requests,
      since: this.#since ?? 0,
    }
  }

  static from(state: WhereaboutsState): Whereabouts {
    const made = new Whereabouts()
    for (const country of state.countries) made.#countries.add(country)
    for (const network of state.networks) made.#networks.add(network)
    made.#requests = state.requests
    made.#since = state.since
    return made
  }

  #findNew({ country, autonomousSystem }: Place): readonly Whereabout[] {
    const known = [...this.#countries]
    const networks = [...this.#networks]
    // Who is everywhere is nowhere new.
    const isNewCountry = country !== undefined && !this.#countries.has(country) && known.length < mostKnown
    const isNewNetwork =
      autonomousSystem !== undefined &&
      !this.#networks.has(autonomousSystem) &&
      networks.length > 0 &&
      networks.length <= 3
    return [
      ...(isNewCountry && known.length > 0 ? [{ measure: 'new-country' as const, country, known }] : []),
      ...(isNewNetwork
        ? [{ measure: 'network-change' as const, network: autonomousSystem, known: networks }]
        : []),
    ]
  }

  #findTravel(from: Sighting, to: Sighting): readonly Whereabout[] {
    const journey = findImpossibleTravel(from, to)
    if (journey === undefined) return []
    // Who was told to be at two places at once is not told again when it is the other's turn.
    const pair = [from.place.country ?? '', to.place.country ?? ''].sort().join(' ')
    const told = this.#travelled.get(pair)
    if (this.#travelled.size >= mostKnown) this.#travelled.clear()
    this.#travelled.set(pair, to.time)
    if (told !== undefined && to.time - told < enoughTime) return []
    const minutes = Math.max(1, Math.round((to.time - from.time) / 60_000))
    return [{ measure: 'impossible-travel', from: from.place, to: to.place, journey, minutes }]
  }

  #learn({ country, autonomousSystem }: Place): readonly Whereabout[] {
    if (country !== undefined && this.#countries.size < mostKnown) this.#countries.add(country)
    if (autonomousSystem !== undefined && this.#networks.size < mostKnown)
      this.#networks.add(autonomousSystem)
    return []
  }
}

/** What is kept of a caller's whereabouts. */
export interface WhereaboutsState {
  readonly countries: readonly string[]
  readonly networks: readonly number[]
  readonly requests: number
  readonly since: number
}
