/** Why a text on the wire has no value: the keyword of the violation, and what is said after the text. */
export class Refusal {
  readonly keyword: string
  readonly message: string

  constructor(keyword: string, message: string) {
    this.keyword = keyword
    this.message = message
  }
}

/** Turns a text into a value; every reading is made at load, and refuses by returning a `Refusal`. */
export type Reading = (text: string) => unknown

/** A name that would reach an object's prototype in a careless program; it is refused wherever names are free. */
export function isDangerousName(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype'
}

/** The refusal of a dangerous name. */
export const dangerousName = new Refusal('unknown', 'is a name that is always refused')

/** The refusal of a name or value that stands more often than once. */
export const repeated = new Refusal('duplicate', 'stands more than once')
