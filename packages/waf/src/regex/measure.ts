import { ByteClass } from './byte-class.ts'
import type { RegexNode } from './syntax-tree.ts'

/** The fewest bytes that the node consumes. */
export function minimumLength(node: RegexNode): number {
  switch (node.kind) {
    case 'bytes':
      return 1
    case 'sequence':
      return sumOf(node.items)
    case 'choice':
      return leastOf(node.branches)
    case 'repeat':
      return node.min === 0 ? 0 : node.min * minimumLength(node.body)
    case 'capture':
    case 'atomic':
      return minimumLength(node.body)
    default:
      return 0
  }
}

function sumOf(items: readonly RegexNode[]): number {
  let sum = 0
  for (const item of items) sum += minimumLength(item)
  return sum
}

function leastOf(branches: readonly RegexNode[]): number {
  let least = Infinity
  for (const branch of branches) least = Math.min(least, minimumLength(branch))
  return least
}

/** Whether the node may consume nothing; found at the first part that must consume something. */
export function mayBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case 'bytes':
      return false
    case 'sequence':
      return node.items.every(mayBeEmpty)
    case 'choice':
      return node.branches.some(mayBeEmpty)
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.body)
    case 'capture':
    case 'atomic':
      return mayBeEmpty(node.body)
    default:
      return true
  }
}

/** The number of bytes that the node always consumes; `undefined` where it varies. */
export function fixedLength(node: RegexNode): number | undefined {
  switch (node.kind) {
    case 'bytes':
      return 1
    case 'sequence':
      return node.items.reduce<number | undefined>((sum, item) => add(sum, fixedLength(item)), 0)
    case 'choice': {
      const lengths = new Set(node.branches.map(fixedLength))
      return lengths.size === 1 ? [...lengths][0] : undefined
    }
    case 'repeat': {
      const length = fixedLength(node.body)
      if (length === 0) return 0
      return node.min === node.max && length !== undefined ? node.min * length : undefined
    }
    case 'capture':
    case 'atomic':
      return fixedLength(node.body)
    case 'backreference':
      return undefined
    default:
      return 0
  }
}

function add(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left + right
}

/** The bytes a match of the node may begin with, and whether it may be empty. */
export interface Beginning {
  readonly bytes: ByteClass
  readonly mayBeEmpty: boolean
}

/** A superset of what the node may begin with; assertions are taken to hold. */
export function beginningOf(node: RegexNode): Beginning {
  switch (node.kind) {
    case 'bytes':
      return { bytes: node.bytes, mayBeEmpty: false }
    case 'sequence':
      return node.items.reduceRight((after, item) => followedBy(beginningOf(item), after), nothing)
    case 'choice':
      return node.branches.map(beginningOf).reduce((left, right) => ({
        bytes: left.bytes.union(right.bytes),
        mayBeEmpty: left.mayBeEmpty || right.mayBeEmpty,
      }))
    case 'repeat': {
      const body = beginningOf(node.body)
      return { bytes: body.bytes, mayBeEmpty: body.mayBeEmpty || node.min === 0 }
    }
    case 'capture':
    case 'atomic':
      return beginningOf(node.body)
    case 'backreference':
      return { bytes: ByteClass.ofRanges([0, 255]), mayBeEmpty: true }
    default:
      return nothing
  }
}

/** What two things after one another may begin with. */
export function followedBy(first: Beginning, second: Beginning): Beginning {
  if (!first.mayBeEmpty) return first
  return { bytes: first.bytes.union(second.bytes), mayBeEmpty: second.mayBeEmpty }
}

const nothing: Beginning = { bytes: ByteClass.ofRanges(), mayBeEmpty: true }
