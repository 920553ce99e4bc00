import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'

/** Reports variables of a server's URL that are not defined, and defined ones without a use. */
export const checkServer: Rule = ({ value, pointer }, { report }) => {
  const url = value['url']
  if (typeof url !== 'string') return
  const used = new Set([...url.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name))
  const variables = isRecord(value['variables']) ? value['variables'] : {}
  for (const name of used) {
    if (Object.hasOwn(variables, name)) continue
    // The base path is taken from the URL, and nothing else of it.
    report[isInPath(url, name) ? 'error' : 'warning'](childPointer(pointer, 'url'), {
      code: 'undefined-variable',
      message: `the server's URL uses {${name}}, which "variables" does not define`,
      fix: `add ${name} with a default to "variables"`,
    })
  }
  for (const [name, variable] of Object.entries(variables)) {
    const place = childPointer(childPointer(pointer, 'variables'), name)
    if (!used.has(name)) {
      const message = `the server variable "${name}" is not used in the URL`
      report.warning(place, { code: 'unused-variable', message })
    }
    const choices = isRecord(variable) ? variable['enum'] : undefined
    if (isRecord(variable) && Array.isArray(choices) && !choices.includes(variable['default'])) {
      const message = `the default of "${name}" is not among its enum`
      report.warning(place, { code: 'default-not-in-enum', message })
    }
  }
}

function isInPath(url: string, name: string): boolean {
  return url.replace(/^(?:[^/]*:)?\/\/[^/]*/, '').includes(`{${name}}`)
}
