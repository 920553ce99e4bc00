import { parseMediaType } from '../exchange/media-type.ts'
import { agree, ambiguous, type NamedVersion, type NamingRequest } from './named-version.ts'

type Read = (request: NamingRequest) => NamedVersion

/** Compiles what reads a parameter of every media range in `Accept` (RFC 9110 section 12.5.1). */
export function readAcceptParameter(parameter: string): Read {
  return remembering('accept', parameter, (text, name) =>
    splitList(text).reduce<NamedVersion>((named, range) => agree(named, readOne(range, name)), undefined),
  )
}

/** Compiles what reads a parameter of `Content-Type`. */
export function readContentTypeParameter(parameter: string): Read {
  return remembering('content-type', parameter, readOne)
}

function readOne(text: string, name: string): NamedVersion {
  const mediaType = parseMediaType(text.trim())
  if (mediaType !== undefined) return mediaType.parameters.get(name)
  // Another reader may find in it what this one cannot.
  return text.toLowerCase().includes(name) ? ambiguous : undefined
}

/** Clients send the same few values again and again. */
function remembering(
  field: string,
  parameter: string,
  read: (text: string, name: string) => NamedVersion,
): Read {
  const name = parameter.toLowerCase()
  const known = new Map<string, NamedVersion>()
  return ({ headers }) => {
    const text = headers.getJoined(field)
    if (text === undefined) return undefined
    if (known.has(text)) return known.get(text)
    const named = text.length > longest ? ambiguous : read(text, name)
    if (known.size < mostKnown) known.set(text, named)
    return named
  }
}

/** Cuts a list at its commas, but not within quoted strings (RFC 9110 section 5.6.1). */
function splitList(text: string): readonly string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/g) ?? []).filter((item) => item.trim() !== '')
}

const mostKnown = 64
/** Characters: a list that is longer is read by nobody. */
const longest = 4_096
