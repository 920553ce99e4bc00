import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'

/** What a field may be called (RFC 9110 section 5.6.2). */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** Whether a header field can have a name. */
export function isHeaderName(name: string): boolean {
  return token.test(name)
}

/** Reports headers of a response or of a part that no message can have. */
export const checkHeaderNames: Rule = ({ value, pointer }, { report }) => {
  const headers = value['headers']
  for (const name of isRecord(headers) ? Object.keys(headers) : []) {
    if (isHeaderName(name)) continue
    const message = `no header field can be called "${name}", so that it is never checked`
    report.warning(childPointer(childPointer(pointer, 'headers'), name), { code: 'bad-header-name', message })
  }
}
