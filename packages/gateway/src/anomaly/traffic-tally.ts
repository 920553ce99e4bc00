import type { Geography, Place } from '../geography/geography.ts'
import type { RefusalEvent, RequestEvent } from '../observe/events/event.ts'
import { hash } from '../sketch/distinct-count.ts'
import type { Measure } from './measure.ts'
import { SequenceModel } from './sequence-model.ts'
import { Tally, type Subject } from './subject.ts'
import type { SubjectTable } from './subject-table.ts'
import { Whereabouts, type Whereabout } from './whereabouts.ts'

/** Told of a caller that comes from where it did not before. */
type OnWhereabout = (caller: Subject, found: Whereabout, time: number) => void

/** Counts requests and refusals for each subject that they are of. */
export class TrafficTally {
  readonly #subjects: SubjectTable
  readonly #geography: Geography
  readonly #onWhereabout: OnWhereabout
  readonly #operationCodes = new Map<string, number>()
  readonly #sequences = new Map<string, SequenceModel>()

  constructor(subjects: SubjectTable, geography: Geography, onWhereabout: OnWhereabout) {
    this.#subjects = subjects
    this.#geography = geography
    this.#onWhereabout = onWhereabout
  }

  /** False: there are more APIs than are looked at, and nothing was counted. */
  countRequest(event: RequestEvent): boolean {
    const { api, consumer, credential, operation } = event
    const subjects = this.#subjects.of(api)
    if (subjects === undefined) return false
    const place = this.#geography.locate(event.client)
    count(subjects.find('api', ''), event)
    count(subjects.find('operation', operation), event)
    if (place.country !== undefined) count(subjects.find('country', place.country), event)
    const operationCode = this.#codeOf(operation)
    // An order is the same order whether it is read or changed.
    const object = event.object === '' ? undefined : hash(event.object)
    countCaller(subjects.find('address', event.block), event, operationCode, object)
    if (credential !== undefined && credential !== consumer)
      countCaller(subjects.find('key', credential), event, operationCode, object)
    if (consumer === undefined) return true
    const caller = subjects.find('consumer', consumer)
    countCaller(caller, event, operationCode, object)
    this.#followSequence(caller, operation)
    this.#see(caller, place, event.time)
    return true
  }

  countRefusal({ kind, request }: RefusalEvent): void {
    const measure = refusalMeasures.get(kind)
    const subjects = measure === undefined ? undefined : this.#subjects.of(request.api)
    if (measure === undefined || subjects === undefined) return
    const { consumer, block, client } = request
    const { country } = this.#geography.locate(client)
    tallyOf(subjects.find('api', '')).add(measure, 1)
    tallyOf(subjects.find('address', block)).add(measure, 1)
    if (consumer !== undefined) tallyOf(subjects.find('consumer', consumer)).add(measure, 1)
    if (country !== undefined) tallyOf(subjects.find('country', country)).add(measure, 1)
  }

  #followSequence(caller: Subject, operation: string): void {
    const from = caller.lastOperation
    caller.lastOperation = operation
    if (from === undefined) return
    let model = this.#sequences.get(caller.api)
    if (model === undefined) this.#sequences.set(caller.api, (model = new SequenceModel()))
    if (model.step(from, operation, caller.name)) caller.short?.add('rare-sequences', 1)
  }

  #see(caller: Subject, place: Place, time: number): void {
    if (place.country === undefined && place.autonomousSystem === undefined) return
    const whereabouts = (caller.whereabouts ??= new Whereabouts())
    for (const whereabout of whereabouts.see(place, time)) this.#onWhereabout(caller, whereabout, time)
  }

  #codeOf(operation: string): number {
    const known = this.#operationCodes.get(operation)
    if (known !== undefined) return known
    const code = hash(operation)
    if (this.#operationCodes.size < mostOperations) this.#operationCodes.set(operation, code)
    return code
  }
}

function tallyOf(subject: Subject): Tally {
  return (subject.short ??= new Tally())
}

function count(subject: Subject, event: RequestEvent): Tally {
  const tally = tallyOf(subject)
  tally.add('requests', 1)
  tally.add('bytes', event.bytesOut + event.bytesIn)
  if (event.status >= 500) tally.add('errors', 1)
  return tally
}

function countCaller(
  subject: Subject,
  event: RequestEvent,
  operation: number,
  object: number | undefined,
): void {
  const tally = count(subject, event)
  if (!subject.knownOperations.has(operation)) tally.addOperation(operation)
  if (object !== undefined) tally.addObject(object)
  const { status } = event
  if (status === 403 || status === 404 || status === 405 || status === 422) tally.add('refusals', 1)
}

const refusalMeasures: ReadonlyMap<string, Measure> = new Map([
  ['authentication-failed', 'authentication-failures'],
  ['limit-exceeded', 'limit-violations'],
])

const mostOperations = 10_000
