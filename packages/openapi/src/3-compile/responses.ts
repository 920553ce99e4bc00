import type { Operation, ResponseContract } from '../contract.ts'
import { isRecord } from '../pointer/is-record.ts'
import { childPointer } from '../pointer/json-pointer.ts'
import { resolve } from '../pointer/resolve.ts'
import type { Content, ContentSource } from './bodies/content.ts'
import { compileContent } from './bodies/content.ts'

/** Compiles the responses of an operation, shared ones once. */
export function compileResponses(
  operation: string,
  source: ContentSource & { readonly responses: Map<string, ResponseContract> },
): Pick<Operation, 'response' | 'responses'> {
  const place = childPointer(operation, 'responses')
  const declared = resolve(source.document.root, place)
  const byKey = new Map<string, ResponseContract>()
  for (const key of Object.keys(declared?.value ?? {})) {
    if (key.startsWith('x-')) continue
    const response = resolve(source.document.root, childPointer(place, key))
    if (response === undefined) continue
    const compiled =
      source.responses.get(response.pointer) ??
      toResponse(isRecord(response.value['content']), compileContent(response, 'response', source))
    source.responses.set(response.pointer, compiled)
    byKey.set(key.toUpperCase(), compiled)
  }
  return { response: finder(byKey), responses: [...byKey.values()] }
}

function toResponse(declaresContent: boolean, content: Content): ResponseContract {
  return { ...content, empty: !declaresContent || content.mediaTypes.length === 0 }
}

/** Looks a status up as a number, its class as an index: no request makes a text of either. */
function finder(byKey: ReadonlyMap<string, ResponseContract>): Operation['response'] {
  const exact = new Map<number, ResponseContract>()
  for (const [key, response] of byKey) if (/^\d{3}$/.test(key)) exact.set(Number(key), response)
  const fallback = byKey.get('DEFAULT')
  const classes = [0, 1, 2, 3, 4, 5].map((digit) => byKey.get(`${digit}XX`) ?? fallback)
  return (status) => exact.get(status) ?? classes[Math.trunc(status / 100)]
}
