import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readMultipart } from './multipart.ts'

const boundary = '----gateBoundary7MA4YWxk'

function read(body: string | Buffer, of: string | undefined = boundary, maxParts = 10) {
  return readMultipart(Buffer.from(body as string), of, maxParts)
}

function part(head: string, content: string): string {
  return `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`
}

function field(name: string, value: string): string {
  return part(`Content-Disposition: form-data; name="${name}"`, value)
}

const end = `--${boundary}--\r\n`

test('what a browser sends is read', () => {
  const reading = read(
    field('title', 'Rechnung 7') +
      part(
        'Content-Disposition: form-data; name="file"; filename="a b.pdf"\r\nContent-Type: application/pdf',
        '%PDF\r\n\u0000',
      ) +
      part(
        'Content-Disposition: form-data; name="none"; filename=""\r\nContent-Type: application/octet-stream',
        '',
      ) +
      end,
  )
  assert.equal(reading.kind, 'parts')
  if (reading.kind !== 'parts') return
  assert.deepEqual(
    reading.parts.map(({ name, filename, contentType, bytes }) => [
      name,
      filename,
      contentType,
      bytes.toString(),
    ]),
    [
      ['title', undefined, undefined, 'Rechnung 7'],
      ['file', 'a b.pdf', 'application/pdf', '%PDF\r\n\u0000'],
      ['none', '', 'application/octet-stream', ''],
    ],
  )
})

test('what FormData writes is read back, whatever bytes are in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.stringMatching(/^[a-z]{1,8}$/),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
        ),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      async (files) => {
        const form = new FormData()
        for (const [name, bytes] of files) form.append(name, new Blob([bytes]), 'x.bin')
        const response = new Response(form)
        const type = response.headers.get('content-type') ?? ''
        const body = Buffer.from(await response.arrayBuffer())
        const reading = readMultipart(body, type.slice(type.indexOf('boundary=') + 9), 10)
        assert.equal(reading.kind, 'parts')
        if (reading.kind !== 'parts') return
        assert.deepEqual(
          reading.parts.map((each) => [each.name, [...each.bytes]]),
          files.map(([name, bytes]) => [name, [...bytes]]),
        )
      },
    ),
    { numRuns: 50 },
  )
})

const good = field('a', '1')
const refused: readonly (readonly [name: string, body: string, reason: RegExp])[] = [
  ['a preamble', `hidden\r\n${good}${end}`, /first byte/],
  ['an epilogue', `${good}${end}hidden`, /after the closing/],
  ['an epilogue with a part', `${good}${end}${good}${end}`, /after the closing/],
  ['no closing delimiter', good, /closing/],
  ['a closing delimiter alone', end, /no parts/],
  ['bare line feeds', (good + end).replaceAll('\r\n', '\n'), /broken delimiter/],
  [
    'a delimiter after a bare line feed',
    field('a', `1\n--${boundary}\nContent-Disposition: form-data; name="b"\n\n2`) + end,
    /misplaced/,
  ],
  ['a delimiter in the middle of a line', field('a', `x--${boundary}`) + end, /misplaced/],
  [
    'a delimiter with a tail',
    `--${boundary}x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n${end}`,
    /broken delimiter/,
  ],
  [
    'padding after a delimiter',
    `--${boundary} \r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n${end}`,
    /broken delimiter/,
  ],
  ['two delimiters in a row', `--${boundary}\r\n--${boundary}\r\n${end}`, /misplaced/],
  ['no disposition', part('Content-Type: text/plain', '1') + end, /Disposition/],
  ['another disposition', part('Content-Disposition: attachment; name="a"', '1') + end, /Disposition/],
  ['no name', part('Content-Disposition: form-data; filename="x"', '1') + end, /no name/],
  ['an empty name', field('', '1') + end, /no name/],
  ['a name twice', part('Content-Disposition: form-data; name="a"; name="b"', '1') + end, /twice/],
  ['a name without quotes', part('Content-Disposition: form-data; name=a', '1') + end, /Disposition/],
  ['an escaped quote', field('a\\"; filename=\\"x', '1') + end, /Disposition/],
  [
    'filename*',
    part(`Content-Disposition: form-data; name="a"; filename*=UTF-8''x.php`, '1') + end,
    /Disposition/,
  ],
  [
    'a filename twice',
    part('Content-Disposition: form-data; name="a"; filename="x.png"; filename="x.php"', '1') + end,
    /Disposition/,
  ],
  [
    'a second disposition',
    part('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"', '1') + end,
    /twice/,
  ],
  ['a folded header', part('Content-Disposition: form-data;\r\n name="a"', '1') + end, /malformed header/],
  [
    'a space before the colon',
    part('Content-Disposition : form-data; name="a"', '1') + end,
    /malformed header/,
  ],
  [
    'an unknown header',
    part('Content-Disposition: form-data; name="a"\r\nX-Other: 1', '1') + end,
    /unknown header/,
  ],
  [
    'a transfer encoding',
    part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', 'MQ==') + end,
    /unknown header/,
  ],
  [
    'a nested multipart',
    part('Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=x', '1') + end,
    /multipart within/,
  ],
  [
    'another charset',
    part('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-7', '1') + end,
    /charset/,
  ],
  [
    'a media type twice',
    part('Content-Disposition: form-data; name="a"\r\nContent-Type: image/png, text/html', '1') + end,
    /Content-Type/,
  ],
  ['a NUL in the name', field('a\u0000', '1') + end, /malformed header/],
  ['a prototype', field('a[__proto__]', '1') + end, /prototype/],
  ['no headers at all', `--${boundary}\r\n\r\n1\r\n${end}`, /headers/],
]
for (const [name, body, reason] of refused) {
  test(`a multipart body with ${name} is refused`, () => {
    const reading = read(body)
    assert.equal(reading.kind, 'refused')
    if (reading.kind === 'refused') assert.match(reading.reason, reason)
  })
}

const unsafeNames = [
  '../x',
  'a/b',
  'a\\\\b',
  'C:x',
  '..',
  '.',
  'x.php.',
  'x.php ',
  ' x',
  'x\u202egnp.exe',
  'x%00.png',
  '%2e%2e%2fx',
  'x.txt::$DATA',
  '<b>',
]
for (const filename of unsafeNames) {
  test(`a filename that is not a plain name is refused: ${JSON.stringify(filename)}`, () => {
    assert.equal(
      read(part(`Content-Disposition: form-data; name="a"; filename="${filename}"`, '1') + end).kind,
      'refused',
    )
  })
}

test('plain file names of any script are read', () => {
  for (const filename of [
    'résumé (final?).pdf',
    '報告.docx',
    '.env',
    '100%25.txt',
    'a;b,c=d.txt',
    "o'neil.png",
  ]) {
    assert.equal(
      read(part(`Content-Disposition: form-data; name="a"; filename="${filename}"`, '1') + end).kind,
      'parts',
      filename,
    )
  }
})

test('a field that is not UTF-8 is refused', () => {
  assert.equal(read(Buffer.from(field('a', '\xff') + end, 'latin1')).kind, 'refused')
})

for (const odd of [undefined, '', 'a\r\nb', 'x'.repeat(71), 'a ', 'a"b', 'ä']) {
  test(`a boundary that RFC 2046 does not know is refused: ${JSON.stringify(odd)}`, () => {
    assert.equal(readMultipart(Buffer.from(good + end), odd, 10).kind, 'refused')
  })
}

test('one part more than allowed is refused', () => {
  assert.equal(read(good + good + end, boundary, 2).kind, 'parts')
  assert.deepEqual(read(good + good + good + end, boundary, 2), {
    kind: 'refused',
    reason: 'more than 2 parts',
  })
})

test('any bytes at all are answered', () => {
  const pieces = fc.constantFrom(
    `--${boundary}`,
    '\r\n',
    '--',
    'Content-Disposition: form-data; name="a"',
    '\r',
    '\n',
    'x',
    '"',
    ':',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (text) => {
      assert.ok(read(text.join('')).kind)
    }),
    { numRuns: 2_000 },
  )
})
