import type { SourcePosition } from '@gateward/kernel'
import type { Violation } from '../../contract.ts'
import type { Refusal } from './refusal.ts'

/** More than these help nobody, and each one costs time that an attacker decides on. */
const maxViolations = 20

/** Where a value belongs: its place, how it is pointed to, and the line of its declaration. */
export interface Address {
  readonly in: Violation['in']
  readonly pointer: string
  readonly position: SourcePosition | undefined
}

/** Collects the violations of one request, bounded. */
export class Violations {
  readonly list: Violation[] = []

  /** Whether there is no room for more, so that reading can stop. */
  get full(): boolean {
    return this.list.length >= maxViolations
  }

  /** A text that a reading refused. */
  refuse(address: Address, refusal: Refusal, text: string): void {
    this.add(address, refusal.keyword, `${excerpt(text)} ${refusal.message}`)
  }

  /** Any other violation. */
  add(address: Address, keyword: string, message: string): void {
    const { in: place, pointer, position } = address
    if (!this.full) this.list.push({ in: place, pointer, keyword, message, position })
  }

  /** What a schema said of a value. */
  addAll(violations: readonly Violation[]): void {
    for (const violation of violations) if (!this.full) this.list.push(violation)
  }
}

/** The first 40 characters of a text in quotes, so that a message never carries a value whole. */
function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
