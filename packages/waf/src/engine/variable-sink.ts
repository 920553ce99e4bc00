import type { BodyCollection, BodySink, BodyVariable } from '../bodies/body-sink.ts'
import type { FieldPolicy } from '../fields/field-policy.ts'
import type { ByteString } from '../language/bytes.ts'
import type { VariableStore } from './variable-store.ts'

/** Most proofs that are told of one transaction. */
const mostProvenTold = 50

/** Puts what readers find into variables, and holds each value to the proof that the host's contract has of it. */
export class VariableSink implements BodySink {
  readonly #variables: VariableStore
  readonly #proofs: FieldPolicy['proofs'] | undefined
  #proven: string[] | undefined

  constructor(variables: VariableStore, proofs: FieldPolicy['proofs'] | undefined) {
    this.#variables = variables
    this.#proofs = proofs
  }

  /** The fields whose values were proven harmless, with what proved them. */
  get proven(): readonly string[] {
    return this.#proven ?? none
  }

  add(collection: BodyCollection, name: ByteString, value: ByteString): void {
    const { examined } = this.#variables.add(collection, name, value)
    const label = this.#proofs?.get(collection)?.prove(name, value)
    if (label === undefined) return
    examined.isProven = true
    const proven = (this.#proven ??= [])
    // Elements of one array have one label.
    if (proven.length < mostProvenTold && !proven.includes(label)) proven.push(label)
  }

  set(variable: BodyVariable, value: ByteString | number): void {
    this.#variables.set(variable, String(value) as ByteString)
  }
}

const none: readonly string[] = []
