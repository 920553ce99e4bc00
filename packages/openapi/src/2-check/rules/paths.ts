import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import { methodFields } from '../../grammar/methods.ts'
import { readPathTemplate } from '../../pointer/path-template.ts'
import { resolve } from '../../pointer/resolve.ts'
import type { Rule } from '../rule.ts'

/** Reports templates that cannot match, and those that match the same requests as another. */
export const checkPaths: Rule = ({ value, pointer }, { report, document }) => {
  const claimed = new Map<string, string>()
  for (const template of Object.keys(value)) {
    if (template.startsWith('x-')) continue
    const { shape, mistake, doubt } = readPathTemplate(template)
    const place = childPointer(pointer, template)
    if (mistake !== undefined) {
      report.error(place, { code: 'bad-path', message: `the path "${template}" ${mistake}` })
      continue
    }
    if (doubt !== undefined) {
      report.warning(place, { code: 'doubtful-path', message: `the path "${template}" ${doubt}` })
    }
    // Twins of different methods break the specification's word, yet every request still has one meaning.
    for (const method of methodsOf(document.root, place)) {
      const twin = claimed.get(`${method} ${shape}`)
      claimed.set(`${method} ${shape}`, template)
      if (twin === undefined) continue
      report.error(childPointer(place, method), {
        code: 'duplicate-path',
        message: `"${template}" and "${twin}" match the same ${method.toUpperCase()} requests`,
        fix: 'merge them into one path',
      })
    }
  }
}

function methodsOf(root: unknown, pointer: string): readonly string[] {
  const item = resolve(root, pointer)?.value ?? {}
  const additional = isRecord(item['additionalOperations']) ? Object.keys(item['additionalOperations']) : []
  return [...Object.keys(item).filter((key) => methodFields.has(key) && isRecord(item[key])), ...additional]
}
