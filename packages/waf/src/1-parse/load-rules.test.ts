import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { loadRules } from './load-rules.ts'

let directory = ''

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gateward-rules-'))
})

after(() => rm(directory, { recursive: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), text, 'latin1')
  }
}

async function load(name: string, limits: { maxFiles?: number; maxBytes?: number } = {}) {
  const loaded = await loadRules([name], { directory, ...limits })
  return {
    markers: loaded.statements.map((statement) =>
      statement.kind === 'marker' ? statement.name : statement.kind,
    ),
    mistakes: loaded.diagnostics.map(
      ({ message, position }) => `${position?.line ?? '-'} ${message.replaceAll(`${directory}/`, '')}`,
    ),
    files: loaded.files.map((file) => relative(directory, file)),
  }
}

test('included files stand where they are included, patterns in the order of names', async () => {
  await write({
    'order/main.conf': 'SecMarker A\nInclude rules/*.conf\nSecMarker Z\n',
    'order/rules/B-2.conf': 'SecMarker B2\nInclude ../more.conf',
    'order/rules/B-10.conf': 'SecMarker B10',
    'order/rules/.hidden.conf': 'SecMarker hidden',
    'order/rules/note.txt': 'no rules',
    'order/more.conf': 'SecMarker more',
  })
  assert.deepEqual(await load('order/main.conf'), {
    markers: ['A', 'B10', 'B2', 'more', 'Z'],
    mistakes: [],
    files: ['order/main.conf', 'order/rules/B-10.conf', 'order/rules/B-2.conf', 'order/more.conf'],
  })
})

test('what is not beside the file that includes it is looked for from the directory of the given files', async () => {
  await write({
    'start/a/main.conf': 'Include start/a/next.conf\nIncludeOptional start/a/none.conf',
    'start/a/next.conf': 'SecMarker next',
  })
  assert.deepEqual(await load('start/a/main.conf'), {
    markers: ['next'],
    mistakes: [],
    files: ['start/a/main.conf', 'start/a/next.conf'],
  })
})

test('a file that is not there is a mistake, unless it is optional', async () => {
  await write({
    'absent.conf':
      'IncludeOptional none.conf\nIncludeOptional none/*.conf\nInclude nothing/*.conf\nInclude no.conf',
  })
  assert.deepEqual((await load('absent.conf')).mistakes, [
    '3 "nothing/*.conf" names no file',
    '4 no.conf is not there',
  ])
  assert.deepEqual((await load('nowhere.conf')).mistakes, ['- nowhere.conf is not there'])
})

test('one mistake anywhere, and no statement of any file is used', async () => {
  await write({ 'half.conf': 'SecMarker A\nInclude broken.conf', 'broken.conf': 'SecMarker B\nSecRule ARGS' })
  const { markers, mistakes } = await load('half.conf')
  assert.deepEqual(markers, [])
  assert.deepEqual(mistakes, ['2 SecRule has 1 argument'])
})

test('circles, too many files and too many bytes are refused', async () => {
  await write({ 'circle.conf': 'Include round.conf', 'round.conf': 'Include circle.conf' })
  assert.deepEqual((await load('circle.conf')).mistakes, ['1 circle.conf includes itself'])
  await write({ 'many/main.conf': 'Include m*.conf', 'many/m1.conf': '', 'many/m2.conf': '' })
  assert.deepEqual((await load('many/*.conf', { maxFiles: 2 })).mistakes, ['- more than 2 files'])
  await write({ 'large.conf': `#${'x'.repeat(100)}` })
  assert.deepEqual((await load('large.conf', { maxBytes: 50 })).mistakes, [
    '- large.conf cannot be read: it has more than 50 bytes',
  ])
})

test('a chain of files that never ends is stopped, and a directory is no rule file', async () => {
  const chain = Array.from({ length: 30 }, (_, index) => [`deep/${index}.conf`, `Include ${index + 1}.conf`])
  await write(Object.fromEntries(chain))
  assert.deepEqual((await load('deep/0.conf')).mistakes, ['1 files include one another too deeply'])
  assert.deepEqual((await load('deep')).mistakes, ['- deep cannot be read: it is no regular file'])
})

test('bytes of a file stay bytes', async () => {
  await write({ 'bytes.conf': 'SecMarker "\u00e9\u00ff"' })
  assert.deepEqual((await load('bytes.conf')).markers, ['\u00e9\u00ff'])
})
