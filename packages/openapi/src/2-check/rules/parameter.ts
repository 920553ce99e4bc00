import { closest } from '@gateward/kernel'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { CheckContext, Rule } from '../rule.ts'
import { checkExamples } from './examples.ts'
import { isHeaderName } from './header-names.ts'

const styles: Readonly<Record<string, readonly string[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
  querystring: [],
}

/** Names that would reach an object's prototype in a careless program behind the gateway. */
const dangerous = new Set(['__proto__', 'constructor', 'prototype'])

/** Reports a parameter that cannot be read as it is declared (OpenAPI section Parameter Object). */
export const checkParameter: Rule = (found, context) => {
  const { value, pointer } = found
  const place = value['in']
  const places = Object.keys(styles).filter(
    (name) => name !== 'querystring' || context.document.dialect === '3.2',
  )
  if (typeof place === 'string' && !places.includes(place)) {
    context.report.error(childPointer(pointer, 'in'), {
      code: 'unknown-place',
      message: `a parameter cannot be in "${place}"`,
      fix: suggestion(place, places),
    })
    return
  }
  if (typeof value['name'] === 'string' && dangerous.has(value['name'])) {
    context.report.error(childPointer(pointer, 'name'), {
      code: 'dangerous-name',
      message: `a parameter named "${value['name']}" is refused in every request`,
      fix: 'give it another name',
    })
  }
  if (typeof place === 'string') checkStyle(value, place, pointer, context)
  checkDescription(value, place, pointer, context)
  checkIneffective(value, place, pointer, context)
  checkExamples(found, context)
}

function checkStyle(
  value: Readonly<Record<string, unknown>>,
  place: string,
  pointer: string,
  { report, document }: CheckContext,
): void {
  const style = value['style']
  if (typeof style !== 'string') return
  const known = [
    ...(styles[place] ?? []),
    ...(place === 'cookie' && document.dialect === '3.2' ? ['cookie'] : []),
  ]
  if (known.includes(style)) return
  report.error(childPointer(pointer, 'style'), {
    code: 'unknown-style',
    message: `a ${place} parameter cannot have the style "${style}"`,
    fix: suggestion(style, known),
  })
}

function checkDescription(
  value: Readonly<Record<string, unknown>>,
  place: unknown,
  pointer: string,
  { report }: CheckContext,
): void {
  const { schema, content } = value
  if (schema !== undefined && content !== undefined) {
    report.error(pointer, {
      code: 'schema-and-content',
      message: 'a parameter has both "schema" and "content", and only one can describe it',
      fix: 'leave one of them out',
    })
  }
  if (isRecord(content) && Object.keys(content).length !== 1) {
    report.error(childPointer(pointer, 'content'), {
      code: 'content-count',
      message: `"content" of a parameter has ${Object.keys(content).length} media types where it needs exactly one`,
    })
  }
  if (place === 'querystring' && content === undefined) {
    const message = 'a querystring parameter needs "content"'
    report.error(pointer, { code: 'missing-field', message, fix: 'add "content"' })
  } else if (schema === undefined && content === undefined) {
    report.warning(pointer, {
      code: 'undescribed-parameter',
      message: 'a parameter has neither "schema" nor "content", so that every text is let through',
      fix: 'add "schema"',
    })
  }
}

function checkIneffective(
  value: Readonly<Record<string, unknown>>,
  place: unknown,
  pointer: string,
  { report }: CheckContext,
): void {
  const name = String(value['name'])
  if (place === 'path' && value['required'] !== true) {
    report.warning(pointer, {
      code: 'optional-path-parameter',
      message: `the path parameter "${name}" does not say "required: true", and is required all the same`,
      fix: 'add "required: true"',
    })
  }
  if (place === 'header' && /^(?:accept|content-type|authorization)$/i.test(name)) {
    report.warning(pointer, {
      code: 'ignored-parameter',
      message: `a header parameter named "${name}" is ignored, as the specification says`,
      fix: 'use "content" for media types and "security" for credentials',
    })
  }
  if (place === 'header' && !isHeaderName(name)) {
    const message = `no header field can be called "${name}"`
    const fix = 'use letters, digits and dashes'
    report[value['required'] === true ? 'error' : 'warning'](childPointer(pointer, 'name'), {
      code: 'bad-header-name',
      message,
      fix,
    })
  }
  if (value['allowReserved'] !== undefined && (place === 'header' || place === 'cookie')) {
    const message = `"allowReserved" has no effect on a ${place} parameter`
    report.warning(childPointer(pointer, 'allowReserved'), { code: 'ineffective-field', message })
  }
  for (const field of ['style', 'explode', 'allowReserved']) {
    if (value[field] === undefined || value['content'] === undefined) continue
    const message = `"${field}" has no effect beside "content"`
    report.warning(childPointer(pointer, field), { code: 'ineffective-field', message, fix: 'leave it out' })
  }
  if (value['allowEmptyValue'] === true && place !== 'query') {
    const message = '"allowEmptyValue" has an effect on query parameters only'
    report.warning(childPointer(pointer, 'allowEmptyValue'), { code: 'ineffective-field', message })
  }
}

function suggestion(word: string, known: readonly string[]): string {
  const meant = closest(word, known)
  return meant === undefined ? `use one of ${known.join(', ')}` : `did you mean "${meant}"?`
}
