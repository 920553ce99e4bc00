import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasErrors, type Diagnostic } from '@gateward/kernel'
import { guardCatalog } from '../guards/catalog.ts'
import { withReferences, type ReferenceScope } from '../settings/references.ts'
import { checkTogether } from './check-together.ts'
import type { Configuration } from './configuration.ts'
import { applyFlags, type ServeFlags } from './flags.ts'
import { apiLayer, readGuardSettings, rootLayers } from './guard-settings.ts'
import { issuesToDiagnostics, ownMessagesOnly } from './issues-to-diagnostics.ts'
import { toSettingSchema } from './json-schema.ts'
import { configurationSchema } from './schema.ts'
import { readSettingsTree, toSettingsTree, valueAt, type SettingsTree } from './settings-tree.ts'

/** Where a configuration is to come from: a file or data, with the command line's word above either. */
export interface ConfigurationRequest {
  /** A YAML or JSON file. */
  readonly file?: string
  /** In place of what the file holds, to try what it would do. */
  readonly text?: string
  /** Settings as data, where there is no file. */
  readonly inline?: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly flags?: ServeFlags
}

/** What came of a load: the configuration, or every mistake at once. */
export interface ConfigurationReading {
  /** `undefined` exactly where a diagnostic is an error. */
  readonly configuration: Configuration | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads, resolves and checks a configuration; never throws for what is written in it. */
export async function loadConfiguration(request: ConfigurationRequest): Promise<ConfigurationReading> {
  const { file, env } = request
  const references = { env, directory: file === undefined ? '.' : dirname(file) }
  const { tree, text, diagnostics } = await readTree(request)
  if (tree === undefined) return { configuration: undefined, diagnostics }
  return checkSettings(tree, { file, text }, references)
}

async function readTree({ file, text: given, inline, env, flags }: ConfigurationRequest): Promise<{
  readonly tree: SettingsTree | undefined
  readonly text: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}> {
  if (file === undefined)
    return { ...applyFlags(toSettingsTree(inline ?? { version: 1 }), flags), text: undefined }
  const text = given ?? (await readText(file))
  if (typeof text !== 'string') return { tree: undefined, text: undefined, diagnostics: [text] }
  const { tree, diagnostics } = readSettingsTree(text, file, env)
  return tree === undefined ? { tree, text, diagnostics } : { ...applyFlags(tree, flags), text }
}

async function readText(file: string): Promise<string | Diagnostic> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    return code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? unreadable(`${file} is not UTF-8 text`, 'save it as UTF-8')
      : unreadable(`${file} cannot be read (${code})`, 'name a file that exists and can be read')
  }
}

function checkSettings(
  tree: SettingsTree,
  written: { readonly file: string | undefined; readonly text: string | undefined },
  references: ReferenceScope,
): ConfigurationReading {
  const parsed = withReferences(references, () =>
    configurationSchema.safeParse(tree.root ?? {}, ownMessagesOnly),
  )
  const issues = parsed.error?.issues ?? []
  const diagnostics = [
    ...issuesToDiagnostics(issues, {
      root: tree.root ?? {},
      schema: toSettingSchema(configurationSchema),
      prefix: [],
      positionOf: (path) => tree.positionOf(path),
      keyPositionOf: (path) => tree.keyPositionOf(path),
      isSubstituted: (path) => tree.isSubstituted(path),
    }),
    ...checkOverrides(tree, references),
    ...(parsed.success ? checkTogether(parsed.data, tree) : []),
  ]
  diagnostics.sort(byPlace)
  if (!parsed.success || hasErrors(diagnostics)) return { configuration: undefined, diagnostics }
  return { configuration: { ...parsed.data, source: { ...written, tree, references } }, diagnostics }
}

/** What APIs override, checked on top of what the root says; the root's own mistakes are told once, by the schema. */
function checkOverrides(tree: SettingsTree, references: ReferenceScope): readonly Diagnostic[] {
  const apis = valueAt(tree.root, ['apis'])
  const names = typeof apis === 'object' && apis !== null ? Object.keys(apis) : []
  return guardCatalog.flatMap((definition) => {
    const layers = rootLayers(tree, definition.name)
    if (readGuardSettings(definition, layers, references).settings === undefined) return []
    return names.flatMap((api) => {
      const override = apiLayer(tree, api, definition.name)
      if (override === undefined) return []
      return readGuardSettings(definition, { ...layers, overrides: [override] }, references).diagnostics
    })
  })
}

function byPlace({ position: left }: Diagnostic, { position: right }: Diagnostic): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0)
}

function unreadable(message: string, fix: string): Diagnostic {
  return { code: 'unreadable-file', severity: 'error', message, fix }
}
