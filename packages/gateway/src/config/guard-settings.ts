import type { Diagnostic } from '@gateward/kernel'
import type { z } from 'zod'
import type { GuardDefinition, GuardSettings } from '../guards/guard.ts'
import { withReferences, type ReferenceScope } from '../settings/references.ts'
import {
  formatPath,
  issuesToDiagnostics,
  ownMessagesOnly,
  type IssueContext,
  type SettingIssue,
} from './issues-to-diagnostics.ts'
import { toSettingSchema } from './json-schema.ts'
import { settingMistake } from './setting-mistake.ts'
import { valueAt, type SettingPath, type SettingsTree } from './settings-tree.ts'

/** Settings as written, before a schema has seen them. */
export type RawSettings = Readonly<Record<string, unknown>>

/** The settings of one guard as one place writes them, and how a mistake in them is told. */
export interface GuardLayer {
  readonly raw: RawSettings
  /** What the layer is called in messages: `apis.shop.guards.validation`. */
  readonly name: SettingPath
  readonly places: Pick<IssueContext, 'positionOf' | 'keyPositionOf' | 'isSubstituted'>
}

interface GuardSettingsReading {
  /** `undefined` where there is a mistake. */
  readonly settings: GuardSettings | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** What a guard's settings are made of, the outermost first. */
export interface GuardLayers {
  /** What the root of the configuration says. */
  readonly root: readonly GuardLayer[]
  /** What an API and an operation say over it. */
  readonly overrides: readonly GuardLayer[]
}

/**
 * What the root says of a guard: its section under `guards`. Authentication also has a section of its own, since
 * issuers are more than a guard's settings; what stands under `guards` goes over it.
 */
export function rootLayers(tree: SettingsTree, guard: string): GuardLayers {
  const section = guard === 'authentication' ? layerAt(tree, ['authentication']) : undefined
  const root = [section, layerAt(tree, ['guards', guard])].filter((layer) => layer !== undefined)
  return { root, overrides: [] }
}

/** What an API says of a guard; `undefined` where it says nothing. */
export function apiLayer(tree: SettingsTree, api: string, guard: string): GuardLayer | undefined {
  return layerAt(tree, ['apis', api, 'guards', guard])
}

/**
 * The settings of a guard from its layers: sections are merged name by name, everything else replaces. A mistake is told
 * where the innermost layer that writes the setting has it.
 */
export function readGuardSettings(
  definition: GuardDefinition,
  { root, overrides }: GuardLayers,
  references: ReferenceScope,
): GuardSettingsReading {
  const fixed = overrides.flatMap((layer) => fixedSettings(definition, layer))
  const layers = [...root, ...overrides]
  const raw = layers.reduce<RawSettings>((merged, layer) => mergeSettings(merged, layer.raw), {})
  const parsed = withReferences(references, () => definition.settings.safeParse(raw, ownMessagesOnly))
  if (parsed.success) return { settings: fixed.length === 0 ? parsed.data : undefined, diagnostics: fixed }
  return { settings: undefined, diagnostics: [...fixed, ...tell(definition, layers, raw, parsed.error)] }
}

/** The layer of a guard at a path of the configuration; `undefined` where nothing is written there. */
function layerAt(tree: SettingsTree, path: SettingPath): GuardLayer | undefined {
  const raw = valueAt(tree.root, path)
  if (!isRaw(raw) || Object.keys(raw).length === 0) return undefined
  return {
    raw,
    name: path,
    places: {
      positionOf: (inner) => tree.positionOf([...path, ...inner]),
      keyPositionOf: (inner) => tree.keyPositionOf([...path, ...inner]),
      isSubstituted: (inner) => tree.isSubstituted([...path, ...inner]),
    },
  }
}

function tell(
  definition: GuardDefinition,
  layers: readonly GuardLayer[],
  root: RawSettings,
  error: z.ZodError,
): readonly Diagnostic[] {
  const schema = toSettingSchema(definition.settings)
  return error.issues.flatMap(splitByKey).flatMap((issue) => {
    const written = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
    const layer = layers.findLast(({ raw }) => valueAt(raw, written) !== undefined) ?? layers.at(-1)
    if (layer === undefined) return []
    return issuesToDiagnostics([issue], { root, schema, prefix: layer.name, ...layer.places })
  })
}

/** Unknown names may come from different layers. */
function splitByKey(issue: SettingIssue): readonly SettingIssue[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue]
}

function fixedSettings(definition: GuardDefinition, layer: GuardLayer): readonly Diagnostic[] {
  return (definition.fixed ?? [])
    .filter((key) => Object.hasOwn(layer.raw, key))
    .map((key) => {
      const message = `${formatPath([...layer.name, key])} holds for the whole gateway and cannot differ here`
      const section = definition.name === 'authentication' ? 'authentication' : `guards.${definition.name}`
      return settingMistake(
        'fixed-setting',
        message,
        `move it to ${section}.${key}`,
        layer.places.keyPositionOf([key]),
      )
    })
}

/** Sections are merged name by name; anything else of `inner` replaces what `outer` has. */
export function mergeSettings(outer: RawSettings, inner: RawSettings): RawSettings {
  const merged: Record<string, unknown> = { ...outer }
  for (const [key, value] of Object.entries(inner)) {
    const below = merged[key]
    merged[key] = isRaw(value) && isRaw(below) ? mergeSettings(below, value) : value
  }
  return merged
}

function isRaw(value: unknown): value is RawSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
