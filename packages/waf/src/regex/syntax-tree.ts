import type { ByteClass } from './byte-class.ts'

/** A regular expression of a rule, over bytes: letter case and `.` are resolved to classes of bytes. */
export type RegexNode =
  | { readonly kind: 'bytes'; readonly bytes: ByteClass }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly RegexNode[] }
  | { readonly kind: 'capture'; readonly index: number; readonly body: RegexNode }
  | RepeatNode
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | LookNode
  /** What follows never changes how the body matched: `(?>…)`. */
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | { readonly kind: 'backreference'; readonly index: number; readonly ignoreCase: boolean }

export interface RepeatNode {
  readonly kind: 'repeat'
  readonly body: RegexNode
  readonly min: number
  /** `Infinity` where there is no limit. */
  readonly max: number
  readonly lazy: boolean
}

/** A condition on what stands before or after. */
export interface LookNode {
  readonly kind: 'look'
  readonly behind: boolean
  readonly negated: boolean
  readonly body: RegexNode
}

/** `start` and `end` are those of the value, `line-start` and `line-end` those of `(?m)`. */
export type Assertion = 'start' | 'end' | 'line-start' | 'line-end' | 'word-boundary' | 'no-word-boundary'

/** The expression that matches the empty value. */
export const emptyNode: RegexNode = { kind: 'sequence', items: [] }

/** A sequence, or its only item. */
export function sequenceOf(items: readonly RegexNode[]): RegexNode {
  const [only, ...rest] = items
  return only !== undefined && rest.length === 0 ? only : { kind: 'sequence', items }
}

/** The parts a node is made of. */
export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.items
    case 'choice':
      return node.branches
    case 'capture':
    case 'repeat':
    case 'look':
    case 'atomic':
      return [node.body]
    default:
      return []
  }
}

/** Whether the node or a part of it is as asked. */
export function someNode(node: RegexNode, isAsked: (node: RegexNode) => boolean): boolean {
  if (isAsked(node)) return true
  if (node.kind === 'bytes') return false
  for (const child of childrenOf(node)) if (someNode(child, isAsked)) return true
  return false
}
