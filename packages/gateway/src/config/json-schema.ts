import { z } from 'zod'
import { guardCatalog } from '../guards/catalog.ts'
import { configurationSchema } from './schema.ts'
import type { SettingSchema } from './setting-schema.ts'

/** The published JSON Schema (2020-12) of the configuration file, for editors and documentation. */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $id: 'https://gateward.dev/schemas/gateward.v1.json',
    title: 'Configuration of Gateward',
    ...mapSchema(toSettingSchema(configurationSchema), withOverrides),
  }
}

/** The JSON Schema of what people write for a setting, with descriptions and defaults; made once for each schema. */
export function toSettingSchema(schema: z.ZodType): SettingSchema {
  const known = settingSchemas.get(schema)
  if (known !== undefined) return known
  const made = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Defaults of what is transformed are left out, since they may be in another form; an empty list has but one.
      const { def } = zodSchema._zod
      if (def.type === 'default' && Array.isArray(def.defaultValue) && def.defaultValue.length === 0)
        jsonSchema.default = []
    },
  }) as SettingSchema
  settingSchemas.set(schema, made)
  return made
}

const settingSchemas = new WeakMap<z.ZodType, SettingSchema>()

/** In place of a section that overrides a guard: the guard's own, in which nothing is required and nothing has a default. */
function withOverrides(schema: SettingSchema): SettingSchema {
  const guard = guardCatalog.find(({ name }) => name === schema['x-overrides'])
  if (guard === undefined) return schema
  return mapSchema(toSettingSchema(guard.settings), asOverride)
}

function asOverride(schema: SettingSchema): SettingSchema {
  const { default: _default, required: _required, ...rest } = schema
  return rest
}

/** A copy of a schema in which every schema, the inner ones first, was replaced by what `change` makes of it. */
function mapSchema(schema: SettingSchema, change: (schema: SettingSchema) => SettingSchema): SettingSchema {
  const { properties, additionalProperties, items, anyOf } = schema
  const inner = (part: SettingSchema): SettingSchema => mapSchema(part, change)
  return change({
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties, inner) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: inner(additionalProperties) }
      : {}),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(inner) }),
  })
}

function mapValues(
  values: Readonly<Record<string, SettingSchema>>,
  change: (schema: SettingSchema) => SettingSchema,
): Readonly<Record<string, SettingSchema>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}
