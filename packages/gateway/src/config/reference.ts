import { extensionSettings } from './extension-settings.ts'
import { configurationSchema } from './schema.ts'
import { toSettingSchema } from './json-schema.ts'
import { alternatives, type SettingSchema } from './setting-schema.ts'

/** The reference of all settings in Markdown: a table for each section, made from the schema that checks them. */
export function configurationReference(): string {
  const sections: string[] = []
  collectSections('', toSettingSchema(configurationSchema), sections)
  collectSections('x-gateward', toSettingSchema(extensionSettings), sections)
  return [introduction, ...sections].join('\n\n') + '\n'
}

const introduction = `# Configuration

One YAML file, \`gateward.yaml\` by default; JSON is YAML too. Every mistake in it is told at once, with its line, and
nothing is loaded; a name that is not in these tables is a mistake.

\`\${NAME}\` and \`\${NAME:-default}\` are replaced by environment variables (the default counts where the variable is
unset or empty), \`$\${\` stands for the characters \`\${\`. Without quotes, the value is read as YAML reads it, so that
\`8443\` is a number. Secrets are never written in the file but referred to: \`env:NAME\` or \`file:/path\`. Paths are
relative to the file's folder. Durations have a unit (\`250ms\`, \`30s\`, \`5m\`, \`12h\`, \`7d\`), and so have sizes
(\`512B\`, \`16KB\`, \`1MB\`, powers of 1024).`

/** One table for the settings of a section, then those of the sections within. */
function collectSections(path: string, schema: SettingSchema, sections: string[]): void {
  const section = alternatives(schema).find(({ properties }) => properties !== undefined)
  const rows: string[] = []
  const inner: (readonly [path: string, schema: SettingSchema])[] = []
  for (const [name, setting] of Object.entries(section?.properties ?? {})) {
    const nested = setting['x-same-as'] === undefined ? nestedSection(name, setting) : undefined
    if (nested !== undefined)
      inner.push([path === '' ? nested.path : `${path}.${nested.path}`, nested.schema])
    rows.push(toRow(name, described(setting), section?.required?.includes(name) ?? false))
  }
  if (rows.length > 0) sections.push([heading(path, schema), tableHead, ...rows].join('\n'))
  for (const [innerPath, innerSchema] of inner) collectSections(innerPath, innerSchema, sections)
}

/** The section that a setting is, or of which it is a list or a collection by name. */
function nestedSection(
  name: string,
  setting: SettingSchema,
): { readonly path: string; readonly schema: SettingSchema } | undefined {
  for (const option of alternatives(setting)) {
    if (option.properties !== undefined && Object.keys(option.properties).length > 0)
      return { path: name, schema: { ...option, ...describedBy(setting) } }
    const items = option.items
    if (items !== undefined && hasProperties(items)) return { path: `${name}[]`, schema: items }
    const named = option.additionalProperties
    if (typeof named === 'object' && hasProperties(named)) return { path: `${name}.<name>`, schema: named }
  }
  return undefined
}

function described(setting: SettingSchema): SettingSchema {
  const guard = setting['x-overrides']
  return guard === undefined
    ? setting
    : { ...setting, description: `As \`guards.${guard}\`; only what differs.` }
}

function hasProperties(schema: SettingSchema): boolean {
  return alternatives(schema).some(({ properties }) => properties !== undefined)
}

function describedBy({ description }: SettingSchema): SettingSchema {
  return description === undefined ? {} : { description }
}

function heading(path: string, { description }: SettingSchema): string {
  const title = path === '' ? '## The file' : `## \`${path}\``
  return description === undefined ? `${title}\n` : `${title}\n\n${description}\n`
}

const tableHead = '| setting | type | default | meaning |\n| --- | --- | --- | --- |'

function toRow(name: string, setting: SettingSchema, required: boolean): string {
  const byDefault = required ? '**required**' : toDefault(setting.default)
  return `| \`${name}\` | ${escapeCell(toType(setting))} | ${byDefault} | ${escapeCell(setting.description ?? '')} |`
}

function toDefault(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    return Array.isArray(value) ? 'none' : ''
  return `\`${escapeCell(typeof value === 'string' ? value : JSON.stringify(value))}\``
}

function toType(setting: SettingSchema): string {
  const types = new Set(alternatives(setting).map(typeName))
  return [...types].join(' or ')
}

function typeName(schema: SettingSchema): string {
  if (schema['x-overrides'] !== undefined) return 'section'
  if (schema['x-form'] !== undefined)
    return schema['x-form'] === 'secret' ? 'secret reference' : schema['x-form']
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replaceAll('"', '')}\``
  if (schema.enum !== undefined) return schema.enum.map((choice) => `\`${String(choice)}\``).join(', ')
  if (schema.type === 'array') return schema.items === undefined ? 'list' : `list of ${toType(schema.items)}`
  if (schema.type === 'object') return schema.properties === undefined ? 'sections by name' : 'section'
  return rangedType(schema)
}

function rangedType({ type, minimum, maximum }: SettingSchema): string {
  const name = type === 'integer' ? 'whole number' : type === 'string' ? 'text' : (type ?? 'any')
  if (type !== 'integer' && type !== 'number') return name
  const bounded = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  return bounded ? `${name}, ${minimum} to ${maximum}` : name
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
