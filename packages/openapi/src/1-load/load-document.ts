import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Diagnostic } from '@gateward/kernel'
import { hasErrors } from '@gateward/kernel'
import { grammarOf } from '../grammar/grammar.ts'
import type { Dialect } from '../grammar/objects.ts'
import { isRecord } from '../pointer/is-record.ts'
import { textOf } from '../pointer/text-of.ts'
import type { OpenFile } from './bundle.ts'
import { bundle, positionIn } from './bundle.ts'
import type { LoadedDocument } from './loaded-document.ts'
import { readSource } from './read-source.ts'
import { SourceFile } from './source-file.ts'

/** A document to load: by its file, or by its text with the name of the file that references are relative to. */
export type DocumentSource = { readonly file: string } | { readonly text: string; readonly file: string }

/** How a document is loaded. */
export interface LoadOptions {
  /** Whether references may lead to https addresses; they are errors else. */
  readonly allowNetwork?: boolean
}

/** A document with every reference resolved, or `undefined` where an error stands in the way. */
interface LoadResult {
  readonly document: LoadedDocument | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Every file that was read or looked for, for those who watch them. */
  readonly files: readonly string[]
}

/** Reads a document and all files that it refers to. */
export async function loadDocument(source: DocumentSource, options: LoadOptions = {}): Promise<LoadResult> {
  const url = pathToFileURL(resolve(source.file))
  const files = [source.file]
  const read = 'text' in source ? { text: source.text } : await readSource(url, false)
  if ('code' in read) {
    const position = { file: source.file, line: 1, column: 1 }
    return { document: undefined, diagnostics: [{ ...read, severity: 'error', position }], files }
  }
  const root = new SourceFile(source.file, url, read.text)
  const [dialect, mistakes] = dialectOf(root)
  const diagnostics = [...root.diagnostics, ...mistakes]
  if (dialect === undefined || hasErrors(diagnostics)) return { document: undefined, diagnostics, files }
  const whole = await bundle(root, grammarOf(dialect), fileOpener(options, files))
  diagnostics.push(...whole.diagnostics)
  const document: LoadedDocument = {
    file: source.file,
    dialect,
    root: root.value as Readonly<Record<string, unknown>>,
    positionOf: (pointer) => positionIn(whole.files, pointer),
  }
  return { document: hasErrors(diagnostics) ? undefined : document, diagnostics, files }
}

function fileOpener(options: LoadOptions, files: string[]): OpenFile {
  return async (url, referrer) => {
    const name = displayName(url, referrer)
    files.push(name)
    const read = await readSource(url, options.allowNetwork ?? false)
    return 'code' in read ? read : new SourceFile(name, url, read.text)
  }
}

/** A file beside the referring one is named in the same way: relative where that one was. */
function displayName(url: URL, referrer: SourceFile): string {
  if (url.protocol !== 'file:') return url.href
  const from = decodeURIComponent(new URL('.', referrer.url).pathname).split('/')
  const to = decodeURIComponent(url.pathname).split('/')
  const common = to.findIndex((part, depth) => part !== from[depth])
  const climbs = from.slice(common, -1).map(() => '..')
  return join(dirname(referrer.name), ...climbs, ...to.slice(common))
}

function dialectOf(root: SourceFile): readonly [Dialect | undefined, readonly Diagnostic[]] {
  if (root.value === undefined) return [undefined, []]
  if (!isRecord(root.value)) return [undefined, [notADocument(root, 'the document is no object')]]
  const { openapi, swagger } = root.value
  if (openapi === undefined) {
    const message =
      swagger === undefined
        ? 'the document has no "openapi" member that names its version'
        : `the document is Swagger ${textOf(swagger)}, and only OpenAPI 3.0, 3.1 and 3.2 are read`
    return [undefined, [notADocument(root, message, swagger === undefined ? 'openapi' : 'swagger')]]
  }
  const version = /^3\.([012])(?:\.\d+)?(?:-[\w.]+)?$/.exec(textOf(openapi))
  if (version === null) {
    const message = `"openapi: ${textOf(openapi)}" is no version that is read`
    return [undefined, [notADocument(root, message, 'openapi')]]
  }
  return [`3.${version[1] as '0' | '1' | '2'}`, []]
}

function notADocument(root: SourceFile, message: string, member?: string): Diagnostic {
  return {
    code: 'unsupported-version',
    severity: 'error',
    message,
    fix: 'write or convert the document to OpenAPI 3.0, 3.1 or 3.2',
    position: root.positionOf(member === undefined ? [] : [member]),
  }
}
