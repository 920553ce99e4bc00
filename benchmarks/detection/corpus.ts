import { readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

/** A request as a corpus has it; texts are bytes as latin1. */
export interface CorpusRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** What one file of a corpus holds: whole requests, and values that still need a place in a request. */
export interface CorpusFile {
  readonly kind: 'attacks' | 'harmless'
  /** The folder below `attacks` or `harmless`. */
  readonly source: string
  /** The file's name without its extension, or for raw requests their folder. */
  readonly kindOfAttack: string
  readonly items: readonly (string | CorpusRequest)[]
}

/**
 * Reads a folder with `attacks/` and `harmless/` below it, and in each a folder a source. A `.txt` file has a value a line, a
 * `.jsonl` file a JSON string (a value) or a request a line; any other file is one request as it goes over the wire.
 */
export function readCorpus(folder: string): readonly CorpusFile[] {
  return (['attacks', 'harmless'] as const).flatMap((kind) => {
    const files = listFiles(join(folder, kind))
    const raw = Map.groupBy(
      files.filter((file) => !/\.(?:txt|jsonl)$/.test(file)),
      dirname,
    )
    const lists = files.filter((file) => /\.(?:txt|jsonl)$/.test(file))
    const sourceOf = (file: string) => relative(join(folder, kind), file).split('/')[0] ?? ''
    const listed = lists.map((file): CorpusFile => ({
      kind,
      source: sourceOf(file),
      kindOfAttack: basename(file).replace(/\.\w+$/, ''),
      items: file.endsWith('.txt') ? readLines(file) : readLines(file).map(parseItem),
    }))
    const single = [...raw].map(([parent, requests]): CorpusFile => ({
      kind,
      source: sourceOf(join(parent, 'x')),
      kindOfAttack: basename(parent),
      items: requests.map((file) => parseRequest(readFileSync(file, 'latin1'))),
    }))
    return listed.concat(single)
  })
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
  } catch {
    return []
  }
}

function readLines(file: string): readonly string[] {
  return readFileSync(file, 'latin1').split(/\r?\n/).filter(Boolean)
}

function parseItem(line: string): string | CorpusRequest {
  return JSON.parse(line) as string | CorpusRequest
}

/** A request in the form of RFC 9112; its body is what follows the empty line. */
function parseRequest(raw: string): CorpusRequest {
  const end = /\r?\n\r?\n/.exec(raw)
  const head = end === null ? raw : raw.slice(0, end.index)
  const [line = '', ...fields] = head.split(/\r?\n/)
  const [method = 'GET', ...rest] = line.split(' ')
  return {
    method,
    target: (rest.length > 1 ? rest.slice(0, -1) : rest).join(' '),
    headers: fields.filter(Boolean).map((field): [string, string] => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon), field.slice(colon + 1).trim()]
    }),
    body: end === null ? '' : raw.slice(end.index + end[0].length),
  }
}
