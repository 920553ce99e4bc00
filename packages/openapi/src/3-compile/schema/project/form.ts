import type { DataClass } from '../classify/data-class.ts'
import type { SanitizeStep } from '../sanitize/sanitize-steps.ts'

/** What is declared of the parts of a value, for whoever walks through it. */
export interface Shape {
  readonly id: number
  readonly members: ReadonlyMap<string, Member>
  readonly patterns: readonly (readonly [matches: (name: string) => boolean, member: Member])[]
  /** Members of any other name; `undefined` where there must be none. */
  readonly rest: Member | undefined
  readonly prefix: readonly Member[]
  readonly items: Member | undefined
  /** Whether nothing is declared of an object, so that it is free in its form. */
  readonly open: boolean
  /** Whether `type` lets an object stand here; where it does not, every member of one is undeclared. */
  readonly objects: boolean
  /** The same for arrays and the members of the objects in them. */
  readonly lists: boolean
}

/** One declared part of a value: who may see it, and what is declared of it in turn. */
export interface Member {
  readonly hidden: boolean
  readonly scopes: readonly string[]
  /** The form of the part; made when it is first asked for, so that recursion ends. */
  readonly form: () => Form
}

/** A shape that depends on the value: what always holds, and what holds where an alternative applies. */
export interface Form {
  readonly shape: Shape
  readonly alternatives: readonly Alternative[]
  /** Whether neither the shape nor any alternative declares anything, so that an object is free even where none applies. */
  readonly free: boolean
  /** The steps declared for a text of this form. */
  readonly sanitize: readonly SanitizeStep[]
  /** The class that is declared for the whole value. */
  readonly dataClass: DataClass | undefined
}

/** A part of a form that holds for some values. */
export interface Alternative {
  readonly applies: (value: object) => boolean
  readonly form: () => Form
}
