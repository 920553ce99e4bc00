import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'

/** Reports keys of `responses` that are no status, no range such as `2XX`, and not `default`. */
export const checkResponses: Rule = ({ value, pointer }, { report }) => {
  for (const key of Object.keys(value)) {
    if (key.startsWith('x-') || key === 'default' || /^[1-5](?:\d\d|XX)$/.test(key)) continue
    const lowerCase = /^[1-5]xx$/i.test(key)
    report[lowerCase ? 'warning' : 'error'](childPointer(pointer, key), {
      code: 'bad-status',
      message: `"${key}" is no status`,
      fix: lowerCase ? `write "${key.toUpperCase()}"` : 'write 200, 2XX or default, say',
    })
  }
}
