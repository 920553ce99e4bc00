import { removed, type ClassifiedParts, type TransformPart } from '../../../contract.ts'
import { tokensOf } from '../pointer.ts'
import { classAt, type ClassNode, type ClassTree } from './class-tree.ts'

/** Makes what finds the classified parts of values; `undefined` where the schema declares none. */
export function createClassifier({ root, fields }: ClassTree): ClassifiedParts | undefined {
  if (root === undefined) return undefined
  return {
    fields,
    isFlat: isFlat(root),
    // Made when it is asked for: a list of itself has no end.
    get items() {
      return createClassifier({ root: root.items, fields })
    },
    transform: (value, transform) => {
      const left = transformPart(value, root, undefined, transform)
      return left === removed ? null : left
    },
    isClassified: (pointer) => isClassified(root, pointer),
  }
}

function transformPart(
  value: unknown,
  node: ClassNode,
  owner: Record<string, unknown> | undefined,
  transform: TransformPart,
): unknown {
  if (node.field !== undefined) return transform(value, node.field, owner)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) transformItems(value, node, transform)
  else transformMembers(value as Record<string, unknown>, node, transform)
  return value
}

function transformItems(items: unknown[], node: ClassNode, transform: TransformPart): void {
  for (let at = 0; at < items.length; at++) {
    const child = classAt(node, at)
    if (child === undefined) continue
    const left = transformPart(items[at], child, undefined, transform)
    // A removed item leaves its place: the others must not move to other indices.
    items[at] = left === removed ? null : left
  }
}

function transformMembers(object: Record<string, unknown>, node: ClassNode, transform: TransformPart): void {
  for (const name of Object.keys(object)) {
    const child = classAt(node, name)
    if (child === undefined) continue
    const part = object[name]
    const left = transformPart(part, child, object, transform)
    if (left === removed) delete object[name]
    else if (left !== part) put(object, name, left)
  }
}

// Not an assignment: that would run the setter of `__proto__`.
function put(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}

function isFlat({ field, members, patterns, rest, prefix, items }: ClassNode): boolean {
  const holds = [...members.values(), ...patterns.map(([, node]) => node), rest].filter(
    (node) => node !== undefined,
  )
  return field === undefined && items === undefined && prefix.length === 0 && holds.every(isFieldOrList)
}

function isFieldOrList(node: ClassNode): boolean {
  if (node.field !== undefined) return true
  const isObject = node.rest !== undefined || node.patterns.some(([, member]) => member !== undefined)
  const hasMembers = [...node.members.values()].some((member) => member !== undefined)
  return (
    !isObject &&
    !hasMembers &&
    [...node.prefix, node.items].every((item) => item?.field !== undefined || item === undefined)
  )
}

/** Whether a place, or one that it lies in, is classified. A step that reads as a number may be a name, too. */
function isClassified(root: ClassNode, pointer: string): boolean {
  let nodes: readonly ClassNode[] = [root]
  for (const token of tokensOf(pointer)) {
    if (nodes.some(({ field }) => field !== undefined)) return true
    const steps = /^\d+$/.test(token) ? [token, Number(token)] : [token]
    nodes = nodes.flatMap((node) =>
      steps.map((step) => classAt(node, step)).filter((child) => child !== undefined),
    )
  }
  return nodes.some(({ field }) => field !== undefined)
}
