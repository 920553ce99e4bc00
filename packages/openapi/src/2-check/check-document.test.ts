import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadDocument } from '../1-load/load-document.ts'
import { checkDocument } from './check-document.ts'

/** In a sample, `#! error some-code` at a line's end says what is reported there, and nothing else is. */
const samples = join(import.meta.dirname, 'samples')

for (const name of readdirSync(samples)) {
  test(`the mistakes in the sample ${name} are reported, each at its line`, async () => {
    const text = readFileSync(join(samples, name), 'utf8')
    const { document, diagnostics } = await loadDocument({ text, file: name })
    const all = [...diagnostics, ...(document === undefined ? [] : checkDocument(document))]
    const found = all.map(({ code, severity, position }) => `${position?.line} ${severity} ${code}`)
    assert.deepEqual(found.toSorted(), expectedIn(text).toSorted())
  })
}

test('every mistake says in words what was read, and most say what to write', async () => {
  const text = readFileSync(join(samples, 'parameters.yaml'), 'utf8')
  const { document } = await loadDocument({ text, file: 'parameters.yaml' })
  assert.ok(document)
  const [first] = checkDocument(document)
  assert.equal(first?.message, 'a parameter cannot be in "quary"')
  assert.equal(first.fix, 'did you mean "query"?')
})

test('a document full of mistakes is reported in bounds', async () => {
  const paths = Array.from({ length: 3000 }, (_, number) => `  bad${number}: {}`).join('\n')
  const text = `openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths:\n${paths}`
  const { document } = await loadDocument({ text, file: 'many.yaml' })
  assert.ok(document)
  const diagnostics = checkDocument(document)
  assert.equal(diagnostics.length, 2001)
  assert.equal(diagnostics.at(-1)?.message, '1000 more mistakes are not listed')
})

function expectedIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    return [...line.matchAll(/#! (\w+ [\w-]+)/g)].map(([, expected]) => `${index + 1} ${expected}`)
  })
}
