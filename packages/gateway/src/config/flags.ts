import type { Diagnostic } from '@gateward/kernel'
import { valueAt, type SettingPath, type SettingsTree } from './settings-tree.ts'

/** What `gateward serve` may say on the command line. */
export interface ServeFlags {
  /** `--contract`: the OpenAPI document, or `none`. Together with `--upstream` it makes a file unnecessary. */
  readonly contract?: string
  /** `--upstream`: the service's URL. */
  readonly upstream?: string
  /** `--anonymous`: operations that declare no `security` are open to everybody. */
  readonly anonymous?: boolean
  /** `--host` and `--port`: where the encrypted port listens. */
  readonly host?: string
  readonly port?: number
  /** `--admin-port`: where operators reach the gateway. */
  readonly adminPort?: number
  /** `--data`: the folder of store, keyring and certificates. */
  readonly data?: string
  /** `--json`: standard output is for one line alone, so a log that would go there goes to standard error. */
  readonly ownStandardOutput?: boolean
}

/** Puts the command line's word above what is written; places stay those of the file. */
export function applyFlags(
  tree: SettingsTree,
  flags: ServeFlags | undefined,
): { readonly tree: SettingsTree | undefined; readonly diagnostics: readonly Diagnostic[] } {
  if (flags === undefined) return { tree, diagnostics: [] }
  const diagnostics = checkFlags(tree, flags)
  if (diagnostics.length > 0) return { tree: undefined, diagnostics }
  const settings = flagsToSettings(flags, tree)
  const hidden = (path: SettingPath): boolean => isLeaf(valueAt(settings, path))
  return {
    diagnostics,
    tree: {
      root: overlay(tree.root, settings),
      positionOf: (path) => (hidden(path) ? undefined : tree.positionOf(path)),
      keyPositionOf: (path) => (hidden(path) ? undefined : tree.keyPositionOf(path)),
      isSubstituted: (path) => !hidden(path) && tree.isSubstituted(path),
    },
  }
}

function flagsToSettings(flags: ServeFlags, tree: SettingsTree): Readonly<Record<string, unknown>> {
  const { contract, upstream, anonymous, host, port, adminPort, data } = flags
  const https = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) }
  const log = valueAt(tree.root, ['observe', 'log'])
  const movesLog = flags.ownStandardOutput === true && (log === undefined || log === 'stdout')
  return {
    ...(Object.keys(https).length === 0 ? {} : { listen: { https } }),
    ...(adminPort === undefined ? {} : { admin: { port: adminPort } }),
    ...(data === undefined ? {} : { data }),
    ...(anonymous === undefined ? {} : { anonymous }),
    ...(contract === undefined ? {} : { apis: { api: { contract, upstream } } }),
    ...(movesLog ? { observe: { log: 'stderr' } } : {}),
  }
}

function checkFlags(tree: SettingsTree, { contract, upstream }: ServeFlags): readonly Diagnostic[] {
  if (contract === undefined && upstream === undefined) return []
  if (upstream === undefined) return [misuse('--contract names no service', 'add --upstream <url>')]
  if (contract === undefined)
    return [misuse('--upstream says nothing of the API', 'add --contract <file>, or --contract none')]
  if (valueAt(tree.root, ['apis']) === undefined) return []
  return [misuse('--contract and the configuration both name APIs', 'use one of the two')]
}

function overlay(below: unknown, above: unknown): unknown {
  if (isLeaf(above) || isLeaf(below)) return above
  const merged: Record<string, unknown> = { ...(below as Record<string, unknown>) }
  for (const [key, value] of Object.entries(above as Record<string, unknown>))
    merged[key] = Object.hasOwn(merged, key) ? overlay(merged[key], value) : value
  return merged
}

function isLeaf(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))
}

function misuse(message: string, fix: string): Diagnostic {
  return { code: 'command-line', severity: 'error', message, fix }
}
