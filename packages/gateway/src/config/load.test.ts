import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { formatDiagnostics } from '@gateward/kernel'
import { loadConfiguration } from './load.ts'

const samples = join(import.meta.dirname, 'samples')
const env = { GATEWARD_DATA: './elsewhere', PASSWORD: 'hunter2', PORT: '8443' }

for (const name of readdirSync(samples).filter((file) => file.endsWith('.yaml'))) {
  test(`the sample ${name} is told as its .txt says`, async () => {
    const file = join(samples, name)
    const { configuration, diagnostics } = await loadConfiguration({ file, env })
    const told = formatDiagnostics(
      diagnostics.map((diagnostic) =>
        diagnostic.position === undefined
          ? diagnostic
          : { ...diagnostic, position: { ...diagnostic.position, file: basename(diagnostic.position.file) } },
      ),
    )
    const expectation = file.replace(/\.yaml$/, '.txt')
    if (process.env['UPDATE_SAMPLES'] === '1') writeFileSync(expectation, `${told}\n`)
    assert.equal(`${told}\n`, readFileSync(expectation, 'utf8'))
    assert.equal(configuration === undefined, diagnostics.length > 0)
  })
}
