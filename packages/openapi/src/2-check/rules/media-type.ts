import { isRecord } from '../../pointer/is-record.ts'
import { childPointer, pointerTokens } from '../../pointer/json-pointer.ts'
import type { CheckContext, Rule } from '../rule.ts'
import { checkExamples } from './examples.ts'

/** Reports what a media type says without effect: `encoding` beside forms, and what of it a reader cannot act on. */
export const checkMediaType: Rule = (found, context) => {
  const { value, pointer } = found
  checkExamples(found, context)
  const name = pointerTokens(pointer)?.at(-1) ?? ''
  for (const field of ['itemEncoding', 'prefixEncoding']) {
    if (value[field] !== undefined) ineffective(childPointer(pointer, field), `"${field}"`, context)
  }
  const encoding = value['encoding']
  if (!isRecord(encoding)) return
  const place = childPointer(pointer, 'encoding')
  // A media type that is referred to has a name of its own there, and no type in its pointer.
  const named = name.includes('/')
  if (named && !/^(?:multipart\/|application\/x-www-form-urlencoded)/i.test(name)) {
    ineffective(place, `"encoding" of ${name}`, context)
    return
  }
  for (const [property, rules] of Object.entries(encoding)) {
    if (isRecord(rules)) checkEncoding(rules, childPointer(place, property), context)
  }
}

function checkEncoding(
  rules: Readonly<Record<string, unknown>>,
  pointer: string,
  context: CheckContext,
): void {
  for (const field of ['headers', 'encoding', 'itemEncoding', 'prefixEncoding']) {
    if (rules[field] !== undefined) ineffective(childPointer(pointer, field), `"${field}" of a part`, context)
  }
  const contentType = rules['contentType']
  if (
    typeof contentType === 'string' &&
    !/^(?:text\/plain|application\/(?:[\w.-]+\+)?json)\b/i.test(contentType)
  ) {
    ineffective(childPointer(pointer, 'contentType'), `the content type "${contentType}" of a part`, context)
  }
  const style = rules['style']
  if (
    typeof style === 'string' &&
    !['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'].includes(style)
  ) {
    context.report.error(childPointer(pointer, 'style'), {
      code: 'unknown-style',
      message: `a form's field cannot have the style "${style}"`,
      fix: 'use form, spaceDelimited, pipeDelimited or deepObject',
    })
  }
}

function ineffective(pointer: string, what: string, { report }: CheckContext): void {
  report.warning(pointer, { code: 'ineffective-field', message: `${what} is not checked and has no effect` })
}
