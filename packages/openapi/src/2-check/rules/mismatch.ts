import type { Shape } from '../../grammar/grammar.ts'
import { pointerTokens } from '../../pointer/json-pointer.ts'
import { textOf } from '../../pointer/text-of.ts'
import type { CheckContext } from '../rule.ts'
import { article } from './fields.ts'

/** Texts that decide something; what the others say is for people. */
const decisive = new Set([
  'name',
  'in',
  'style',
  'scheme',
  'type',
  'operationId',
  'url',
  'contentType',
  '$ref',
])

/**
 * Reports a value of another kind than its field holds. `null` counts as absent, as YAML leaves it behind where
 * a key has nothing after it.
 */
export function checkMismatch(value: unknown, shape: Shape, pointer: string, context: CheckContext): void {
  const field = pointerTokens(pointer)?.at(-1) ?? ''
  if (value === null) {
    const message = `"${field}" is empty and counts as absent`
    context.report.warning(pointer, { code: 'empty-field', message, fix: 'leave it out, or fill it' })
    return
  }
  const harmless = shape.kind === 'text' ? !decisive.has(field) : field === 'deprecated'
  context.report[harmless ? 'warning' : 'error'](pointer, {
    code: 'wrong-type',
    message: `"${field}" is ${kindOf(value)} where the specification needs ${wanted(shape)}`,
    fix: quotingHelps(value, shape) ? `write "${textOf(value)}" in quotes` : undefined,
  })
}

function quotingHelps(value: unknown, shape: Shape): boolean {
  return shape.kind === 'text' && (typeof value === 'number' || typeof value === 'boolean')
}

const kinds = { text: 'a text', flag: 'true or false', any: 'a value', list: 'a list', map: 'an object' }

function wanted(shape: Shape): string {
  return shape.kind === 'object' ? article(shape.name) : kinds[shape.kind]
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? `the text "${textOf(value)}"` : textOf(value)
}
