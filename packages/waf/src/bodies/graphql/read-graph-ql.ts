import type { ByteString } from '../../language/bytes.ts'
import { ArgumentWriter } from '../argument-writer.ts'
import { isAllBlank } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodySink } from '../body-sink.ts'
import { readText } from '../encoding/charset.ts'
import { roomForPaths } from '../room-for-paths.ts'
import { jsonRoot } from '../json/read-json.ts'
import { walkJson } from '../json/walk-json.ts'
import type { GraphQlCounts } from './walk-graph-ql.ts'
import { walkGraphQl } from './walk-graph-ql.ts'

/**
 * Reads a GraphQL request into `ARGS_POST`: a bare document (`application/graphql`), or the JSON of GraphQL over HTTP,
 * one request or a batch. The literals of each `query` are arguments of their own, in place of the query's text, which
 * looks like an attack to rules made for values; all other members are arguments as of any JSON. Sets the `GRAPHQL_…`
 * counts. A query that is no GraphQL is an error, and its text is inspected.
 */
export function readGraphQl(
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
): BodyReading {
  const { text, error } = readText(body, contentType)
  const request = new GraphQlRequest(text, limits, sink)
  const mistake = looksLikeJson.test(text) ? request.readJson(text) : request.readDocument(text, documentName)
  return readingOf(request.publish(mistake) ?? error)
}

class GraphQlRequest {
  readonly #limits: BodyLimits
  readonly #sink: BodySink
  readonly #writer: ArgumentWriter
  readonly #counts: GraphQlCounts = {
    operations: 0,
    depth: 0,
    fields: 0,
    aliases: 0,
    directives: 0,
    introspection: 0,
  }

  constructor(text: ByteString, limits: BodyLimits, sink: BodySink) {
    this.#limits = limits
    this.#sink = sink
    this.#writer = new ArgumentWriter(sink, limits, roomForPaths(text))
  }

  readJson(text: ByteString): string | undefined {
    let mistake: string | undefined
    const error = walkJson(text, jsonRoot, this.#limits, (name, value) => {
      if (!queryMember.test(name)) return this.#writer.add('ARGS_POST', name, value)
      mistake ??= this.readDocument(value, name)
      return undefined
    })
    if (error !== undefined) this.#sink.add('ARGS_POST', jsonRoot, text)
    return error ?? mistake
  }

  /** Reads one document; where that fails, the whole of it is an argument named `name`. */
  readDocument(text: ByteString, name: ByteString): string | undefined {
    if (isAllBlank(text)) return undefined
    const error = walkGraphQl(text, this.#limits, this.#counts, (path, value) =>
      this.#writer.add('ARGS_POST', path, value),
    )
    if (error !== undefined) this.#sink.add('ARGS_POST', name, text)
    return error
  }

  publish(error: string | undefined): string | undefined {
    this.#sink.set('GRAPHQL_OPERATIONS', this.#counts.operations)
    this.#sink.set('GRAPHQL_DEPTH', this.#counts.depth)
    this.#sink.set('GRAPHQL_FIELDS', this.#counts.fields)
    this.#sink.set('GRAPHQL_ALIASES', this.#counts.aliases)
    this.#sink.set('GRAPHQL_DIRECTIVES', this.#counts.directives)
    this.#sink.set('GRAPHQL_INTROSPECTION', this.#counts.introspection)
    return error
  }
}

const documentName = 'graphql' as ByteString

// No GraphQL document begins with a bracket, nor with a brace and a string; no JSON request otherwise.
const looksLikeJson = /^[ \t\r\n]*(?:\[|\{[ \t\r\n]*["}])/

const queryMember = /^json(?:\.[0-9]+)?\.query$/
