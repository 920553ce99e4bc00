import { stringify } from 'yaml'
import type { Configuration } from './configuration.ts'
import { mergeSettings, type RawSettings } from './guard-settings.ts'
import { configurationSchema } from './schema.ts'
import { toSettingSchema } from './json-schema.ts'
import { alternatives, type SettingSchema } from './setting-schema.ts'

/**
 * Every setting that is in effect, defaults and all, in the form in which it is written in a file. References to secrets
 * are shown as `[redacted]`, as is what a URL says before its host.
 */
export function printConfiguration(configuration: Configuration, form: 'yaml' | 'json' = 'yaml'): string {
  const written = withOneAuthentication(configuration.source.tree.root)
  const { guards, ...rest } = fillInSection(toSettingSchema(configurationSchema), written)
  const { authentication: _, ...others } = guards as RawSettings
  const effective = { ...rest, guards: others }
  return form === 'json'
    ? `${JSON.stringify(effective, undefined, 2)}\n`
    : stringify(effective, { lineWidth: 0 })
}

/** What stands under `guards.authentication` goes over the root's section, so only that one is shown. */
function withOneAuthentication(root: unknown): RawSettings {
  const { authentication, guards, ...rest } = root as Readonly<Record<string, RawSettings | undefined>>
  const own = guards?.['authentication'] as RawSettings | undefined
  return { ...rest, guards: guards ?? {}, authentication: mergeSettings(authentication ?? {}, own ?? {}) }
}

/** A setting as written, with the defaults of all that is not. */
function fillIn(schemas: readonly SettingSchema[], written: unknown): unknown {
  const options = schemas.flatMap(alternatives)
  if (options.some((schema) => schema['x-form'] === 'secret')) return '[redacted]'
  if (typeof written === 'string') return written.replace(/\/\/[^/?#\s@]*@/, '//[redacted]@')
  if (typeof written !== 'object' || written === null) return written
  if (Array.isArray(written)) {
    const items = options.flatMap(({ items: schema }) => (schema === undefined ? [] : [schema]))
    return written.map((item) => fillIn(items, item))
  }
  const section = options.find((schema) => fits(schema, written)) ?? {}
  return fillInSection(section, written)
}

function fillInSection(schema: SettingSchema, written: object): Readonly<Record<string, unknown>> {
  const filled: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(schema.properties ?? {})) {
    const own = Object.hasOwn(written, name)
    const value = own ? (written as Record<string, unknown>)[name] : setting.default
    if (value !== undefined) filled[name] = fillIn([setting], value)
  }
  const { additionalProperties } = schema
  for (const [name, value] of Object.entries(written)) {
    if (Object.hasOwn(filled, name)) continue
    filled[name] = typeof additionalProperties === 'object' ? fillIn([additionalProperties], value) : value
  }
  return filled
}

/** Whether a section can be the one that was written: it has all the names, or takes any. */
function fits(schema: SettingSchema, written: object): boolean {
  if (schema.type !== 'object') return false
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) return true
  return Object.keys(written).every((name) => Object.hasOwn(schema.properties ?? {}, name))
}
