import type { SanitizedField } from '../../../contract.ts'
import { toToken } from '../pointer.ts'
import type { Form, Member, Shape } from '../project/form.ts'
import type { ShapeResolver } from '../project/merge-shapes.ts'
import { sanitizeText } from './sanitize-text.ts'

/** Values nested deeper than this are left to validation. */
const deepest = 200

/** Makes the function that cleans a value's texts in place, as their schemas declare, and says which changed. */
export function createSanitizer(
  form: Form,
  resolve: ShapeResolver,
): (value: unknown) => readonly SanitizedField[] {
  return (value) => {
    const changed: SanitizedField[] = []
    sanitizeParts(value, form, '', 0)
    return changed

    function sanitizeParts(whole: unknown, wholeForm: Form, pointer: string, depth: number): void {
      if (typeof whole !== 'object' || whole === null || depth > deepest) return
      const shape = resolve(wholeForm, whole, true)
      const keyed = whole as Record<string | number, unknown>
      for (const name of Array.isArray(whole) ? whole.keys() : Object.keys(whole)) {
        const member = memberOf(shape, name)
        if (member === undefined) continue
        const part = keyed[name]
        const place = `${pointer}/${toToken(name)}`
        if (typeof part === 'string') sanitizePart(keyed, name, part, member.form(), place)
        else sanitizeParts(part, member.form(), place, depth + 1)
      }
    }

    function sanitizePart(
      parent: Record<string | number, unknown>,
      name: string | number,
      text: string,
      { sanitize }: Form,
      pointer: string,
    ): void {
      if (sanitize.length === 0) return
      const clean = sanitizeText(text, sanitize)
      if (clean.applied.length === 0) return
      Object.defineProperty(parent, name, {
        value: clean.text,
        enumerable: true,
        configurable: true,
        writable: true,
      })
      changed.push({ pointer, applied: clean.applied })
    }
  }
}

function memberOf(shape: Shape, name: string | number): Member | undefined {
  if (typeof name === 'number') return shape.prefix[name] ?? shape.items
  return shape.members.get(name) ?? shape.patterns.find(([matches]) => matches(name))?.[1] ?? shape.rest
}
