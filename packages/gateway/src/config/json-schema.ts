import { z } from 'zod'
import { configurationSchema } from './schema.ts'
import type { SettingSchema } from './setting-schema.ts'

/** The published JSON Schema (2020-12) of the configuration file, for editors and documentation. */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $id: 'https://gateward.dev/schemas/gateward.v1.json',
    title: 'Configuration of Gateward',
    ...toSettingSchema(configurationSchema),
  }
}

/** The JSON Schema of what people write for a setting, with descriptions and defaults; made once for each schema. */
export function toSettingSchema(schema: z.ZodType): SettingSchema {
  const known = settingSchemas.get(schema)
  if (known !== undefined) return known
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SettingSchema
  settingSchemas.set(schema, made)
  return made
}

const settingSchemas = new WeakMap<z.ZodType, SettingSchema>()
