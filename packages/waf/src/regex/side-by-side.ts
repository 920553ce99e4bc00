import type { Meter } from '../language/meter.ts'
import { scratchBytesOf } from '../language/scratch-bytes.ts'
import type { Automata } from './automata.ts'
import { Lane } from './lane.ts'
import { holdLargeTables, releaseLargeTables } from './large-tables.ts'

/**
 * Each step of a walk waits for the memory that the one before has told where to look. So four automata walk at a time, none of which
 * waits for another: they take half the time of one after the other, and less where their tables are in no cache.
 */
const lanes = [new Lane(), new Lane(), new Lane(), new Lane()] as const

/** Those that know something about a text of the phase that is running. */
const remembering: Automata[] = []

/** Lets each of many automata know where in a text its first match ends, as far as the meter lets them go. */
export function walkSideBySide(all: readonly Automata[], text: string, meter: Meter): void {
  const own: Automata[] = []
  for (const automata of all) {
    if (!automata.expect(text)) continue
    own.push(automata)
    remembering.push(automata)
  }
  if (own.length === 1) {
    if (!meter.isExhausted(text.length)) own[0]?.remember(own[0].forward.endOfMatch(text))
    return
  }
  // While they walk, no table may be taken from one of them for what another one makes.
  holdLargeTables()
  walk(own, text, meter)
  releaseLargeTables()
}

/** Forgets what was found out about texts. */
export function forgetWalks(): void {
  for (const automata of remembering) automata.forget()
  remembering.length = 0
}

function walk(all: readonly Automata[], text: string, meter: Meter): void {
  const { length } = text
  const bytes = scratchBytesOf(text)
  let next = 0
  const begin = (lane: Lane): boolean => {
    const automata = next < all.length && !meter.isExhausted(length) ? all[next] : undefined
    if (automata === undefined) lane.rest()
    else lane.begin(next++, automata.forward.table)
    return automata !== undefined
  }
  let busy = 0
  for (const lane of lanes) if (begin(lane)) busy += 1
  while (busy > 0) {
    let most = length
    for (const { walk, place } of lanes) if (walk >= 0) most = Math.min(most, length - place)
    stepTogether(bytes, most)
    for (const lane of lanes) {
      const end = lane.settle(bytes, length)
      if (end === undefined) continue
      all[lane.walk]?.remember(end)
      if (!begin(lane)) busy -= 1
    }
  }
}

/** Steps on in all lanes until a state is unknown or a match found in one of them; `most` steps at most. */
function stepTogether(bytes: Uint8Array, most: number): void {
  const [a, b, c, d] = lanes
  const { entries: entriesA, groupOf: groupOfA, width: widthA, place: placeA } = a
  const { entries: entriesB, groupOf: groupOfB, width: widthB, place: placeB } = b
  const { entries: entriesC, groupOf: groupOfC, width: widthC, place: placeC } = c
  const { entries: entriesD, groupOf: groupOfD, width: widthD, place: placeD } = d
  let { state: stateA } = a
  let { state: stateB } = b
  let { state: stateC } = c
  let { state: stateD } = d
  let step = 0
  for (; step < most; step++) {
    const nextA = entriesA[Math.imul(stateA, widthA) + groupOfA[bytes[placeA + step] as number]!] as number
    const nextB = entriesB[Math.imul(stateB, widthB) + groupOfB[bytes[placeB + step] as number]!] as number
    const nextC = entriesC[Math.imul(stateC, widthC) + groupOfC[bytes[placeC + step] as number]!] as number
    const nextD = entriesD[Math.imul(stateD, widthD) + groupOfD[bytes[placeD + step] as number]!] as number
    if ((nextA | nextB | nextC | nextD) < 0) break
    stateA = nextA
    stateB = nextB
    stateC = nextC
    stateD = nextD
  }
  a.state = stateA
  b.state = stateB
  c.state = stateC
  d.state = stateD
  for (const lane of lanes) lane.place += step
}
