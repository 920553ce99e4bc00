import type { Transformation } from '../transformations/transformation.ts'

/** A chain of transformations: its last one, after the chain that is left without it. */
export interface ChainNode {
  /** Counts from 0 within a tree; 0 is the chain of none. */
  readonly id: number
  readonly parent: ChainNode | undefined
  readonly transformation: Transformation | undefined
}

/** All chains of a rule set as one tree, so that a value's forms are made once for every common beginning. */
export class TransformationTree {
  readonly root: ChainNode = { id: 0, parent: undefined, transformation: undefined }
  readonly #children = new Map<ChainNode, Map<Transformation, ChainNode>>()
  #size = 1

  /** How many nodes there are. */
  get size(): number {
    return this.#size
  }

  /** The node of a chain, made on first sight. */
  nodeOf(chain: readonly Transformation[]): ChainNode {
    return chain.reduce((parent, transformation) => this.#child(parent, transformation), this.root)
  }

  #child(parent: ChainNode, transformation: Transformation): ChainNode {
    let children = this.#children.get(parent)
    if (children === undefined) this.#children.set(parent, (children = new Map()))
    let child = children.get(transformation)
    if (child === undefined) {
      child = { id: this.#size++, parent, transformation }
      children.set(transformation, child)
    }
    return child
  }
}

/** The chain's nodes from the root to the node itself. */
export function pathTo(node: ChainNode): readonly ChainNode[] {
  return node.parent === undefined ? [node] : [...pathTo(node.parent), node]
}
