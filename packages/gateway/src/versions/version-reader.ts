import { readAcceptParameter, readContentTypeParameter } from './media-type-version.ts'
import { agree, ambiguous, type NamedVersion, type NamingRequest } from './named-version.ts'
import { readQueryVersion } from './query-version.ts'
import type { VersionPlace } from './settings.ts'

type Read = (request: NamingRequest) => NamedVersion

/** Compiles what reads a version from header fields and query; places that disagree are ambiguous. */
export function compileVersionReader(places: readonly VersionPlace[]): Read {
  const reads = places.flatMap(toReads)
  return (request) => {
    let named: NamedVersion
    for (const read of reads) {
      named = agree(named, read(request))
      if (named === ambiguous) return ambiguous
    }
    return named
  }
}

function toReads(place: VersionPlace): readonly Read[] {
  if (place.kind === 'path') return []
  const { kind, name } = place
  if (kind === 'header') return [compileHeader(name)]
  if (kind === 'query') return [({ query }) => readQueryVersion(query, name)]
  return [readAcceptParameter(name), readContentTypeParameter(name)]
}

function compileHeader(field: string): Read {
  const name = field.toLowerCase()
  return ({ headers: { flat } }) => {
    let found: string | undefined
    for (let index = 0; index < flat.length; index += 2) {
      const given = flat[index] as string
      if (given.length !== name.length) continue
      if (given !== name && !isSameToScripts(given, name)) continue
      // Of two lines some services take the first and others the last, and a name with underscores is the same to some.
      if (found !== undefined || given !== name) return ambiguous
      found = flat[index + 1]
    }
    return found
  }
}

/** Services behind CGI, WSGI and Rack cannot tell `x_api_version` from `x-api-version`. */
function isSameToScripts(one: string, other: string): boolean {
  return one.replaceAll('_', '-') === other.replaceAll('_', '-')
}
