import type { Operation } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'

/** Texts of parameters by the pointer of their schema. */
type Values = readonly (readonly [place: string, name: string, text: string])[]

/** Reads the parameters of a request that the contract declares and does not classify; cookies name sessions, and are left alone. */
export interface ParameterValues {
  /** Whether a request has any, told without reading them. */
  isThere(exchange: Exchange): boolean
  read(exchange: Exchange): Values
}

/** `undefined` where the operation declares none. */
export function compileParameterValues({ parameters, template }: Operation): ParameterValues | undefined {
  const open = parameters.declared.filter(
    ({ in: place, name, place: pointer }) =>
      pointer !== '' &&
      !parameters.classified.some((classified) => classified.in === place && classified.name === name),
  )
  const placesOf = (where: string) =>
    new Map(open.filter((each) => each.in === where).map(({ name, place }) => [name, place]))
  const [query, path, headers] = [placesOf('query'), placesOf('path'), placesOf('header')]
  if (query.size + path.size + headers.size === 0) return undefined
  const variables = [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  return {
    isThere: ({ request }) =>
      path.size > 0 ||
      (query.size > 0 && request.query !== '') ||
      [...headers.keys()].some((name) => request.headers.has(name.toLowerCase())),
    read: ({ request, pathParameters }) => [
      ...(query.size === 0 ? [] : pick(new URLSearchParams(request.query), query)),
      ...pick(
        variables.map((name, at) => [name, decode(pathParameters[at] ?? '')] as const),
        path,
      ),
      ...pick(
        [...headers.keys()].map((name) => [name, request.headers.get(name.toLowerCase()) ?? ''] as const),
        headers,
      ),
    ],
  }
}

function pick(
  values: Iterable<readonly [name: string, text: string]>,
  places: ReadonlyMap<string, string>,
): Values {
  return [...values].flatMap(([name, text]) => {
    const place = places.get(name)
    return place === undefined || text === '' ? [] : [[place, name, text] as const]
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
