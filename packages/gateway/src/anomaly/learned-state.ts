import { Breather } from '@gateward/kernel'
import { DecayedHistogram } from '../sketch/decayed-histogram.ts'
import type { AnomalyDetector } from './anomaly-detector.ts'
import { Subject, type SubjectStateRead } from './subject.ts'

/** Subjects and whereabouts that are kept over a restart: the most recent ones. */
const mostKept = 2_000

interface State {
  readonly version: 1
  readonly firstSeen: readonly (readonly [string, number])[]
  readonly subjects: readonly SubjectStateRead[]
  readonly peers: readonly (readonly [string, ReturnType<DecayedHistogram['toJSON']>])[]
}

/** What a detector has learned, as text; written in turns with requests at the gate, which it would hold up for a tenth of a second. */
export async function writeLearned({ subjects, baselines }: AnomalyDetector): Promise<string> {
  const { firstSeen, peers } = baselines
  const breather = new Breather()
  const list = async (items: readonly unknown[]): Promise<string> => {
    const written: string[] = []
    for (const item of items) {
      written.push(JSON.stringify(item))
      await breather.pause()
    }
    return `[${written.join(',')}]`
  }
  const first = await list([...firstSeen])
  const each = await list([...subjects.all()].slice(-mostKept))
  return `{"version":1,"firstSeen":${first},"subjects":${each},"peers":${await list([...peers])}}`
}

/** Gives a new detector what another has learned; of a text that is not understood nothing is taken. */
export function readLearned(text: string, { subjects, baselines }: AnomalyDetector): void {
  const { firstSeen, peers } = baselines
  const state = parse(text)
  if (state === undefined) return
  for (const [api, time] of state.firstSeen) firstSeen.set(api, time)
  for (const subject of state.subjects) subjects.of(subject.api)?.add(Subject.from(subject))
  for (const [key, histogram] of state.peers) peers.set(key, DecayedHistogram.from(histogram))
}

function parse(text: string): State | undefined {
  try {
    const state = JSON.parse(text) as State
    return state.version === 1 ? state : undefined
  } catch {
    return undefined
  }
}
