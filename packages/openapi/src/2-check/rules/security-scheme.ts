import { closest } from '@gateward/kernel'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'

const needs: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl'],
  mutualTLS: [],
}

/** Reports a security scheme whose type is unknown or lacks what its type needs. */
export const checkSecurityScheme: Rule = ({ value, pointer }, { document, report }) => {
  const type = value['type']
  if (typeof type !== 'string') return
  const known = Object.keys(needs).filter((name) => name !== 'mutualTLS' || document.dialect !== '3.0')
  if (!known.includes(type)) {
    const meant = closest(type, known)
    report.error(childPointer(pointer, 'type'), {
      code: 'unknown-scheme-type',
      message: `"${type}" is no type of a security scheme in OpenAPI ${document.dialect}`,
      fix: meant === undefined ? `use one of ${known.join(', ')}` : `did you mean "${meant}"?`,
    })
    return
  }
  for (const field of needs[type] ?? []) {
    if (value[field] !== undefined && value[field] !== null) continue
    const message = `a security scheme of the type ${type} has no "${field}"`
    report[field === 'flows' ? 'warning' : 'error'](pointer, {
      code: 'missing-field',
      message,
      fix: `add "${field}"`,
    })
  }
  const place = value['in']
  if (type === 'apiKey' && typeof place === 'string' && !['header', 'query', 'cookie'].includes(place)) {
    const message = `an API key cannot be in "${place}"`
    report.error(childPointer(pointer, 'in'), {
      code: 'unknown-place',
      message,
      fix: 'use header, query or cookie',
    })
  }
}
