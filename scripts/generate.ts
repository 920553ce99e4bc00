// Writes the files that are made from the code; with --check it fails where they differ instead.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configurationJsonSchema, configurationReference } from '@gateward/gateway'
import { problemReference } from './problem-reference.ts'

const files: Readonly<Record<string, () => string>> = {
  'docs/reference/configuration.md': configurationReference,
  'docs/reference/configuration.schema.json': () =>
    `${JSON.stringify(configurationJsonSchema(), undefined, 2)}\n`,
  'docs/reference/problems.md': problemReference,
}

const isCheck = process.argv.includes('--check')
for (const [name, make] of Object.entries(files)) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url))
  const made = make()
  if (isCheck) {
    if (existsSync(file) && readFileSync(file, 'utf8') === made) continue
    console.error(`${name} is not what the code says; run: npm run generate`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, made)
  }
}
