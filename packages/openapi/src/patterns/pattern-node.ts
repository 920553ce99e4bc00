import type { CodePointSet } from './code-point-set.ts'

/** A regular expression as a tree. `text` is what the author wrote for it. */
export type PatternNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'character'; readonly set: CodePointSet; readonly text: string }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | RepeatNode
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'boundary'; readonly negated: boolean }
  | LookNode
  | { readonly kind: 'backreference' }

/** A quantified part; `max` is Infinity where there is no upper bound. */
export interface RepeatNode {
  readonly kind: 'repeat'
  readonly body: PatternNode
  readonly min: number
  readonly max: number
}

/** A lookahead or lookbehind. */
export interface LookNode {
  readonly kind: 'look'
  readonly ahead: boolean
  readonly negated: boolean
  readonly body: PatternNode
}

/** The parts of a node, none where it is a leaf. */
export function partsOf(node: PatternNode): readonly PatternNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.items
    case 'choice':
      return node.options
    case 'repeat':
    case 'look':
      return [node.body]
    default:
      return []
  }
}

/** Whether any node of a tree, itself included, answers a question with yes. */
export function someNode(node: PatternNode, question: (node: PatternNode) => boolean): boolean {
  return question(node) || partsOf(node).some((part) => someNode(part, question))
}
