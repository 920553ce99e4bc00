import type { RequestEvent } from '../../observe/events/event.ts'

/** A place in a template that each exchange fills for itself, with a text or a number, or with what is written already. */
export type Hole = TextHole | NumberHole | WrittenHole

/** A value, or the place of one. */
export type Leaf = string | number | Hole

/** Filled with a text, which the format quotes or escapes. */
export class TextHole {
  readonly of: (event: RequestEvent, uid: string) => string

  constructor(of: TextHole['of']) {
    this.of = of
  }
}

/** Filled with a number. */
export class NumberHole {
  readonly of: (event: RequestEvent) => number

  constructor(of: NumberHole['of']) {
    this.of = of
  }
}

/** Filled with a text that is written as it is. */
export class WrittenHole {
  readonly of: (event: RequestEvent) => string

  constructor(of: WrittenHole['of']) {
    this.of = of
  }
}

/** Whether a value is the place of one. */
export function isHole(value: unknown): value is Hole {
  return value instanceof TextHole || value instanceof NumberHole || value instanceof WrittenHole
}
