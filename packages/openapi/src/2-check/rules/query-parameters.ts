import { childPointer, pointerTokens } from '../../pointer/json-pointer.ts'
import { resolve } from '../../pointer/resolve.ts'
import type { CheckContext, Rule } from '../rule.ts'

/**
 * Reports a query that is described twice: as a whole (`in: querystring`) more than once, or beside single parameters, of which a reader
 * could only check one (OpenAPI 3.2 section Parameter Object). An operation has the parameters of its path as well.
 */
export const checkQueryParameters: Rule = ({ value, pointer, type }, context) => {
  const owners = type.name === 'Operation' ? [parentOf(pointer), pointer] : [pointer]
  // An operation's own replaces the one of its path that has the same name and place.
  const byName = new Map(owners.flatMap((owner) => parametersOf(owner, context)))
  const places = [...byName.values()]
  const whole = places.filter((place) => place === 'querystring').length
  if (context.document.dialect !== '3.2' || whole === 0 || !Array.isArray(value['parameters'])) return
  const place = childPointer(pointer, 'parameters')
  if (whole > 1) {
    const message = 'the query is described as a whole by more than one querystring parameter'
    context.report.error(place, { code: 'two-querystrings', message, fix: 'leave one of them' })
  }
  if (places.includes('query')) {
    const message =
      'the query is described as a whole by a querystring parameter, and by query parameters as well'
    const fix = 'leave one or the other'
    context.report.error(place, { code: 'query-beside-querystring', message, fix })
  }
}

function parametersOf(owner: string, { document }: CheckContext): readonly (readonly [string, unknown])[] {
  const parameters = resolve(document.root, owner)?.value['parameters']
  if (!Array.isArray(parameters)) return []
  const list = childPointer(owner, 'parameters')
  return parameters.map((_, index) => {
    const { name, in: place } = resolve(document.root, childPointer(list, String(index)))?.value ?? {}
    return [JSON.stringify([place, name]), place]
  })
}

/** The path of an operation, which may stand among its `additionalOperations`. */
function parentOf(pointer: string): string {
  const tokens = (pointerTokens(pointer) ?? []).slice(0, -1)
  return (tokens.at(-1) === 'additionalOperations' ? tokens.slice(0, -1) : tokens).reduce(childPointer, '')
}
