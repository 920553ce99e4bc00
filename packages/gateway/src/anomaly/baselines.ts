import { DecayedHistogram } from '../sketch/decayed-histogram.ts'
import type { Excess } from './excess.ts'
import { watchedOf, type Measure } from './measure.ts'
import type { Usual } from './seasonal-baseline.ts'
import type { AnomalySettings } from './settings.ts'
import type { Subject, Tally } from './subject.ts'

const sensitivities = { low: 2, normal: 1, high: 0.5 } as const

/** What is usual for a subject: by its own past, else by that of its peers, else by what nobody should do. */
export class Baselines {
  /** When each API was seen first; milliseconds. */
  readonly firstSeen = new Map<string, number>()
  /** What subjects of one dimension and API do, by measure and window. */
  readonly peers = new Map<string, DecayedHistogram>()
  readonly #settings: AnomalySettings

  constructor(settings: AnomalySettings) {
    this.#settings = settings
  }

  /** What is beyond the usual; `undefined` where it is not. */
  compare(
    subject: Subject,
    measure: Measure,
    window: 'short' | 'long',
    value: number,
    least: number,
    time: number,
  ): Excess | undefined {
    const factor = sensitivities[this.#settings.sensitivity]
    const isNew = time - (this.firstSeen.get(subject.api) ?? time) < this.#settings.learn
    const { usual, basis } = this.#usualOf(subject, measure, window, least * factor, time, isNew)
    const limit = usual.expected + (usual.limit - usual.expected) * factor
    if (value <= Math.max(limit, least * factor)) return undefined
    return { subject, measure, window, value, usual: { ...usual, limit }, basis }
  }

  /** Takes what was counted in a window that is over into what is usual. */
  learn(subject: Subject, tally: Tally, window: 'short' | 'long', time: number): void {
    for (const { measure } of watchedOf(subject.dimension, window)) {
      const value = tally.read(measure)
      if (subject.isSeasonal) {
        if (window === 'short') subject.season(measure).learn(time, value)
        continue
      }
      subject.histogram(measure, window).add(value)
      this.#peersOf(peerKey(subject, measure, window)).add(value)
    }
  }

  #usualOf(
    subject: Subject,
    measure: Measure,
    window: 'short' | 'long',
    least: number,
    time: number,
    isNew: boolean,
  ): { readonly usual: Usual; readonly basis: Excess['basis'] } {
    if (subject.isSeasonal) {
      const usual = window === 'short' ? subject.season(measure).usual(time, seasonalFactor) : undefined
      if (usual !== undefined && !isNew)
        return { usual: { ...usual, limit: Math.max(usual.limit, usual.expected + least) }, basis: 'own' }
    } else {
      const own = subject.histogram(measure, window)
      if (own.seen >= (isNew ? newWindows : enoughWindows[window])) {
        const high = own.quantile(0.995)
        const limit = ownFactor[window] * high + least / 2
        return { usual: { expected: own.quantile(0.5), limit }, basis: 'own' }
      }
      const peers = this.peers.get(peerKey(subject, measure, window))
      if (peers !== undefined && peers.seen >= enoughPeers && !isNew) {
        const high = peers.quantile(0.999)
        return {
          usual: { expected: peers.quantile(0.5), limit: Math.max(1.5 * least, 2 * high) },
          basis: 'peers',
        }
      }
    }
    return { usual: { expected: 0, limit: hardness * least }, basis: 'none' }
  }

  #peersOf(key: string): DecayedHistogram {
    let peers = this.peers.get(key)
    if (peers === undefined) {
      peers = new DecayedHistogram()
      if (this.peers.size < mostPeers) this.peers.set(key, peers)
    }
    return peers
  }
}

/** Windows after which a caller's own past counts, and windows of all callers after which theirs does. */
const enoughWindows = { short: 24, long: 12 } as const
const enoughPeers = 300
/** The same while the whole API is new: what happens once a day was not seen yet. */
const newWindows = 288
/** How many times the least that matters is too much for anybody. */
const hardness = 10
/** How far above the highest of its own past a caller may go. */
const ownFactor = { short: 3, long: 2 } as const
const seasonalFactor = 6
const mostPeers = 20_000

function peerKey({ dimension, api }: Subject, measure: Measure, window: 'short' | 'long'): string {
  return `${dimension} ${api} ${measure} ${window}`
}
