import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { errorOf } from '../testing.ts'
import { end, file, part, read, title, type } from './testing.ts'

test('fields, files and headers come out as what they are', () => {
  const { reading, sink } = read(
    part(title, 'one\r\n--two\n') +
      part(`${file}\r\nContent-Type: text/plain`, 'hello') +
      part('Content-Disposition: form-data; name="none"; filename=""', '') +
      end,
  )
  assert.equal(errorOf(reading), undefined)
  assert.deepEqual(sink.added, [
    ['MULTIPART_PART_HEADERS', 't', title],
    ['ARGS_POST', 't', 'one\r\n--two\n'],
    ['MULTIPART_PART_HEADERS', 'f', file],
    ['MULTIPART_PART_HEADERS', 'f', 'Content-Type: text/plain'],
    ['FILES', 'f', 'a.txt'],
    ['MULTIPART_FILENAME', 'f', 'a.txt'],
    ['FILES_NAMES', 'f', 'f'],
    ['MULTIPART_NAME', 'f', 'f'],
    ['FILES_SIZES', 'f', '5'],
    ['MULTIPART_PART_HEADERS', 'none', 'Content-Disposition: form-data; name="none"; filename=""'],
    ['FILES_NAMES', 'none', 'none'],
    ['MULTIPART_NAME', 'none', 'none'],
    ['FILES_SIZES', 'none', '0'],
  ])
  assert.equal(sink.variables.FILES_COMBINED_SIZE, 5)
})

test('every flag is set, to 0 where nothing is wrong', () => {
  const { sink } = read(part(title, 'x') + end)
  const flags = Object.entries(sink.variables).filter(([name]) => name.startsWith('MULTIPART_'))
  assert.equal(flags.length, 14)
  assert.ok(flags.every(([, value]) => value === 0))
})

test('as much of each file is shown as the limits say', () => {
  const { sink } = read(part(file, '<?php x') + end, type, { fileContentBytes: 5 })
  assert.deepEqual(sink.of('FILES_TMP_CONTENT'), ['f=<?php'])
})

test('what FormData writes is read back without a flag', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.stringMatching(/^[a-zäß]{1,8}$/), fc.string()), { minLength: 1 }),
      async (list) => {
        const form = new FormData()
        for (const [name, value] of list) form.append(name, value)
        const request = new Request('http://localhost', { method: 'POST', body: form })
        const contentType = request.headers.get('content-type') ?? ''
        const { reading, sink } = read(new Uint8Array(await request.arrayBuffer()), contentType)
        assert.equal(errorOf(reading), undefined)
        assert.deepEqual(
          sink.of('ARGS_POST'),
          list.map(([name, value]) => `${name}=${value.replaceAll(/\r\n|\r|\n/g, '\r\n')}`),
        )
        assert.deepEqual(
          sink.raised().filter((name) => !name.endsWith('=2')),
          [],
        )
      },
    ),
    { numRuns: 50 },
  )
})

test('a body without a flag is the same to another reader, or refused by it, however it was bent', async () => {
  const edits = [
    '\r',
    '\n',
    '\r\n',
    ' ',
    '"',
    "'",
    ';',
    ':',
    '--',
    '--B',
    '\u0000',
    'name="x"',
    '\\',
    '=',
    'a',
  ]
  const whole =
    part(title, 'one') + part(file, 'two') + part('Content-Disposition: form-data; name="u"', '') + end
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.nat(4),
      fc.constantFrom(...edits),
      async (at, removed, edit) => {
        const body = whole.slice(0, at) + edit + whole.slice(at + removed)
        const { reading, sink } = read(body)
        if (reading.kind === 'failed' || sink.raised().some((name) => name.startsWith('MULTIPART_'))) return
        const response = new Response(body, { headers: { 'content-type': type } })
        const form = await response.formData().catch(() => undefined)
        if (form === undefined) return
        const theirs = [...form].map(
          ([name, value]) => `${name}=${typeof value === 'string' ? value : value.name}`,
        )
        assert.deepEqual([...sink.of('ARGS_POST'), ...sink.of('FILES')].toSorted(), theirs.toSorted(), body)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('no bytes stop the reader, and no letter of a body goes unseen', () => {
  const pieces = [
    '--B',
    '--',
    '\r\n',
    '\n',
    '\r',
    title,
    file,
    'abcd',
    '"',
    "'",
    ';',
    ':',
    ' ',
    '\u0000',
    'name=',
    '=',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (chosen) => {
      const body = chosen.join('')
      const { sink } = read(body)
      const seen = sink.added.map(([, name, value]) => name + value).join(' ')
      const isOutside = sink.raised().some((name) => /DATA_|UNMATCHED/.test(name))
      if (body.includes('abcd') && !isOutside && sink.of('FILES_NAMES').length === 0)
        assert.ok(seen.includes('abcd'), body)
    }),
    { numRuns: 1_000 },
  )
})

test('bodies made to be slow are read in one pass', () => {
  for (const body of [
    '--B\r\n'.repeat(40_000),
    `--B\r\n${'a:\r\n'.repeat(40_000)}\r\nx\r\n--B--`,
    `--B\r\nContent-Disposition: form-data${'; name=a'.repeat(20_000)}\r\n\r\nx\r\n--B--`,
    `--B\r\nContent-Disposition: form-data${' '.repeat(200_000)}\r\n\r\nx\r\n--B--`,
    `--B\r\nContent-Disposition: form-data; name="${'\\"'.repeat(100_000)}\r\n\r\nx\r\n--B--`,
    `--B\r\nX: 1\r\n${' y\r\n'.repeat(50_000)}\r\nx\r\n--B--`,
    '--'.repeat(100_000),
    '\n--'.repeat(70_000),
  ]) {
    const { sink, reading } = read(body)
    assert.equal(reading.kind, 'failed')
    assert.ok(sink.added.length < 3_100)
  }
})
