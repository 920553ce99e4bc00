import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BodyLimits } from '../body-limits.ts'
import { errorOf } from '../testing.ts'
import { end, file, part, read, title } from './testing.ts'

interface Attack {
  readonly what: string
  readonly body: string
  readonly contentType?: string
  readonly limits?: Partial<BodyLimits>
  /** The variables that are not 0; `MULTIPART_` left out. */
  readonly raised: readonly string[]
  readonly error?: string
  /** Of `ARGS_POST`; `t=x` where left out. */
  readonly fields?: readonly string[]
  readonly files?: readonly string[]
}

const fine = part(title, 'x')

const attacks: readonly Attack[] = [
  { what: 'nothing wrong', body: fine + end, raised: [] },
  { what: 'no line end behind the last delimiter', body: `${fine}--B--`, raised: [] },
  {
    what: 'an empty content whose line end is the empty line',
    body: `--B\r\n${title}\r\n\r\n--B--`,
    raised: [],
    fields: ['t='],
  },
  {
    what: 'a quoted boundary',
    contentType: 'multipart/form-data; boundary="B"',
    body: fine + end,
    raised: ['BOUNDARY_QUOTED', 'STRICT_ERROR'],
  },
  {
    what: 'a boundary with one quote',
    contentType: 'multipart/form-data; boundary="B',
    body: fine + end,
    raised: ['BOUNDARY_QUOTED', 'STRICT_ERROR'],
    error: 'a boundary with one quote',
  },
  {
    what: 'more behind a quoted boundary',
    contentType: 'multipart/form-data; boundary="B"C',
    body: fine + end,
    raised: ['BOUNDARY_QUOTED', 'STRICT_ERROR'],
    error: 'more behind the quoted boundary',
  },
  {
    what: 'blanks around the boundary',
    contentType: 'multipart/form-data; boundary = B ',
    body: fine + end,
    raised: ['BOUNDARY_WHITESPACE', 'STRICT_ERROR'],
  },
  {
    what: 'two boundaries',
    contentType: 'multipart/form-data; boundary=B; boundary=C',
    body: fine + end,
    raised: ['STRICT_ERROR'],
    error: 'more than one boundary',
  },
  {
    what: 'two boundaries parted by a comma',
    contentType: 'multipart/form-data; boundary=B, boundary=C',
    body: fine + end,
    raised: ['BOUNDARY_WHITESPACE', 'STRICT_ERROR', 'UNMATCHED_BOUNDARY'],
    error: 'more than one boundary',
    fields: [`=${fine}${end}`],
  },
  {
    what: 'a boundary in which its own name stands, as of Dart and Axios',
    contentType: 'multipart/form-data; boundary=dart-http-boundary-B',
    body: (fine + end).replaceAll('--B', '--dart-http-boundary-B'),
    raised: [],
  },
  {
    what: 'a boundary in pieces',
    contentType: 'multipart/form-data; boundary*0=B',
    body: fine + end,
    raised: ['BOUNDARY_WHITESPACE', 'STRICT_ERROR'],
    error: 'a malformed boundary parameter',
  },
  {
    what: 'a boundary without a semicolon in front',
    contentType: 'multipart/form-data boundary=B',
    body: fine + end,
    raised: ['MISSING_SEMICOLON', 'STRICT_ERROR'],
  },
  {
    what: 'no boundary',
    contentType: 'multipart/form-data',
    body: 'all',
    raised: ['STRICT_ERROR'],
    error: 'no boundary in the Content-Type',
    fields: ['=all'],
  },
  {
    what: 'an endless Content-Type',
    contentType: `multipart/form-data;${' boundary'.repeat(1_000)}`,
    body: 'all',
    raised: ['STRICT_ERROR'],
    error: 'a Content-Type longer than 1024 bytes',
    fields: ['=all'],
  },
  {
    what: 'no delimiter at all',
    body: 't=<script>',
    raised: ['STRICT_ERROR', 'UNMATCHED_BOUNDARY'],
    error: 'no delimiter in the body',
    fields: ['=t=<script>'],
  },
  {
    what: 'no closing delimiter',
    body: fine,
    raised: ['STRICT_ERROR', 'UNMATCHED_BOUNDARY'],
    error: 'no closing delimiter',
    fields: ['t=x\r\n'],
  },
  { what: 'data before', body: `hello\r\n${fine}${end}`, raised: ['DATA_BEFORE', 'STRICT_ERROR'] },
  { what: 'data after', body: `${fine}${end}hello`, raised: ['DATA_AFTER', 'STRICT_ERROR'] },
  {
    what: 'a part after the closing delimiter',
    body: `${fine}${end}${part(title, 'y')}${end}`,
    raised: ['DATA_AFTER', 'STRICT_ERROR', 'UNMATCHED_BOUNDARY'],
    error: 'a delimiter after the closing one',
    fields: ['t=x', 't=y'],
  },
  {
    what: 'nothing but a closing delimiter',
    body: end,
    raised: ['STRICT_ERROR'],
    error: 'no part in the body',
    fields: ['=--B--\r\n'],
  },
  {
    what: 'lone line feeds',
    body: (fine + end).replaceAll('\r\n', '\n'),
    raised: ['LF_LINE', 'STRICT_ERROR'],
  },
  {
    what: 'lone line feeds among others',
    body: fine + end.replaceAll('\r\n', '\n'),
    raised: ['LF_LINE', 'STRICT_ERROR', 'CRLF_LF_LINES'],
  },
  {
    what: 'line feeds within the content',
    body: part(title, 'a\nb\n') + end,
    raised: [],
    fields: ['t=a\nb\n'],
  },
  {
    what: 'a delimiter behind a lone line feed',
    body: `--B\r\n${title}\r\n\r\nx\n--B\r\n${title}\r\n\r\ny\r\n${end}`,
    raised: ['LF_LINE', 'STRICT_ERROR', 'CRLF_LF_LINES'],
    fields: ['t=x', 't=y'],
  },
  {
    what: 'a delimiter behind a lone carriage return',
    body: part(title, `x\r--B\r${title}`) + end,
    raised: ['UNMATCHED_BOUNDARY'],
    fields: [`t=x\r--B\r${title}`],
  },
  {
    what: 'a delimiter in the midst of a line',
    body: part(title, 'x--B--') + end,
    raised: ['UNMATCHED_BOUNDARY'],
    fields: ['t=x--B--'],
  },
  {
    what: 'a delimiter with a tail',
    body: `${fine}--BC\r\n${title}\r\n\r\ny\r\n${end}`,
    raised: ['STRICT_ERROR', 'UNMATCHED_BOUNDARY'],
    error: 'more behind a delimiter',
    fields: ['t=x', 't=y'],
  },
  {
    what: 'a delimiter with padding',
    body: `--B \r\n${title}\r\n\r\nx\r\n${end}`,
    raised: ['STRICT_ERROR'],
    error: 'more behind a delimiter',
  },
  {
    what: 'a line with two hyphens, as in a key file',
    body: part(title, '-----RSA KEY-----') + end,
    raised: ['UNMATCHED_BOUNDARY=2'],
    fields: ['t=-----RSA KEY-----'],
  },
  {
    what: 'a folded header',
    body: part('Content-Disposition: form-data;\r\n name="t"', 'x') + end,
    raised: ['HEADER_FOLDING', 'STRICT_ERROR'],
  },
  {
    what: 'a header folded with a vertical tab',
    body: part('Content-Disposition: form-data;\r\n\u000bname="t"', 'x') + end,
    raised: ['HEADER_FOLDING', 'INVALID_HEADER_FOLDING', 'STRICT_ERROR'],
  },
  {
    what: 'a part that begins folded',
    body: part(` X: 1\r\n${title}`, 'x') + end,
    raised: ['HEADER_FOLDING', 'INVALID_PART', 'STRICT_ERROR'],
    error: 'a part that begins with a folded line',
  },
  {
    what: 'no semicolon between parameters',
    body: part('Content-Disposition: form-data; name="t" filename="a.php"', 'x') + end,
    raised: ['MISSING_SEMICOLON', 'STRICT_ERROR'],
    fields: [],
    files: ['t=a.php'],
  },
  {
    what: 'single quotes',
    body: part("Content-Disposition: form-data; name='t'", 'x') + end,
    raised: ['INVALID_QUOTING', 'STRICT_ERROR'],
  },
  {
    what: 'a semicolon and a second name within single quotes',
    body: part("Content-Disposition: form-data; name='t;filename=a.txt;x='", 'x') + end,
    raised: ['INVALID_QUOTING', 'STRICT_ERROR'],
    fields: ['t;filename=a.txt;x==x'],
  },
  {
    what: 'a single quote within double quotes',
    body: part('Content-Disposition: form-data; name="o\'t"', 'x') + end,
    raised: [],
    fields: ["o't=x"],
  },
  {
    what: 'escaped quotes',
    body: part('Content-Disposition: form-data; name="a\\"; filename=\\"b"', 'x') + end,
    raised: [],
    fields: ['a"; filename="b=x'],
  },
  {
    what: 'the path of an old browser',
    body: part('Content-Disposition: form-data; name="f"; filename="C:\\dir\\a.txt"', 'x') + end,
    raised: [],
    fields: [],
    files: ['f=C:\\dir\\a.txt'],
  },
  {
    what: 'no quotes',
    body: part('Content-Disposition: form-data; name=t', 'x') + end,
    raised: [],
  },
  {
    what: 'a quote in the midst of a token',
    body: part('Content-Disposition: form-data; name=t"; filename="a.php', 'x') + end,
    raised: ['MISSING_SEMICOLON', 'INVALID_QUOTING', 'STRICT_ERROR'],
    error: 'a malformed Content-Disposition',
    files: ['t=a.php'],
    fields: [],
  },
  {
    what: 'an open quote',
    body: part('Content-Disposition: form-data; name="t', 'x') + end,
    raised: ['INVALID_QUOTING', 'STRICT_ERROR'],
    error: 'a quote that is not closed',
  },
  {
    what: 'two names',
    body: part('Content-Disposition: form-data; name="t"; name="u"', 'x') + end,
    raised: ['STRICT_ERROR'],
    error: 'two names of one part',
    fields: ['t=x', 'u=x'],
  },
  {
    what: 'two file names',
    body: part('Content-Disposition: form-data; name="t"; filename="a.txt"; filename="a.php"', 'x') + end,
    raised: ['STRICT_ERROR'],
    error: 'two file names of one part',
    fields: [],
    files: ['t=a.txt', 't=a.php'],
  },
  {
    what: 'an extended file name that differs',
    body: part(`${file}; filename*=UTF-8''a%2ephp`, 'x') + end,
    raised: ['STRICT_ERROR'],
    error: 'two file names of one part',
    fields: [],
    files: ['f=a.txt', 'f=a.php'],
  },
  {
    what: 'an extended file name alone',
    body: part(`${title}; filename*=UTF-8''%C3%BC.txt`, 'x') + end,
    raised: [],
    fields: [],
    files: ['t=ü.txt'],
  },
  {
    what: 'a content under an empty file name',
    body: part(`${title}; filename=""`, 'x') + end,
    raised: [],
  },
  {
    what: 'a file name padded with blanks',
    body: part(`${title}; filename="a.php  "`, 'x') + end,
    raised: [],
    fields: [],
    files: ['t=a.php  '],
  },
  {
    what: 'an unknown parameter',
    body: part(`${title}; x="y"`, 'x') + end,
    raised: ['STRICT_ERROR'],
    error: 'an unknown parameter of a Content-Disposition',
  },
  {
    what: 'no name',
    body: part('Content-Disposition: form-data', 'x') + end,
    raised: ['STRICT_ERROR'],
    error: 'a part without a name',
    fields: ['=x'],
  },
  {
    what: 'another disposition',
    body: part('Content-Disposition: attachment; name="t"', 'x') + end,
    raised: ['STRICT_ERROR'],
    error: 'a Content-Disposition that is not form-data',
  },
  {
    what: 'no disposition',
    body: part('Content-Type: text/plain', 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a part without a Content-Disposition',
    fields: ['=x'],
  },
  {
    what: 'two dispositions',
    body: part(`${title}\r\n${file}`, 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a repeated header of a part',
  },
  {
    what: 'a NUL in a file name',
    body: part(`${title}; filename="a.php\u0000.txt"`, 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a control character in a header of a part',
    fields: [],
    files: ['t=a.php\u0000.txt'],
  },
  {
    what: 'a carriage return within a header',
    body: part(`X: 1\r${title}\r\n${title}`, 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a control character in a header of a part',
  },
  {
    what: 'a blank before the colon',
    body: part('Content-Disposition : form-data; name="t"', 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a header of a part with an unusual name',
  },
  {
    what: 'a header without a colon',
    body: part(`X\r\n${title}`, 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a header of a part without a colon',
  },
  {
    what: 'a part without an empty line',
    body: `--B\r\n${title}\r\n${end}`,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a part without an empty line',
    fields: ['t='],
  },
  {
    what: 'an endless header',
    body: part(`${title}\r\nX: ${'x'.repeat(5_000)}`, 'x') + end,
    raised: ['INVALID_PART', 'STRICT_ERROR'],
    error: 'a header of a part longer than 4096 bytes',
  },
  {
    what: 'a content in base64',
    body: part(`${title}\r\nContent-Transfer-Encoding: base64`, 'PHNjcmlwdD4=') + end,
    raised: [],
    fields: ['t=PHNjcmlwdD4=', 't=<script>'],
  },
  {
    what: 'a content in quoted-printable',
    body: part(`${title}\r\nContent-Transfer-Encoding: Quoted-Printable`, '=3Cscr=\r\nipt>') + end,
    raised: [],
    fields: ['t==3Cscr=\r\nipt>', 't=<script>'],
  },
  {
    what: 'too many files',
    body: part(file, 'x') + part(file, 'y') + end,
    limits: { files: 1 },
    raised: ['FILE_LIMIT_EXCEEDED', 'STRICT_ERROR'],
    error: 'more than 1 files',
    fields: [],
    files: ['f=a.txt', 'f=a.txt'],
  },
  {
    what: 'too many parts',
    body: part(title, 'x') + part(title, 'y') + end,
    limits: { arguments: 1 },
    raised: ['STRICT_ERROR'],
    error: 'more than 1 parts',
    fields: ['t=x', `=${title}\r\n\r\ny\r\n${end}`],
  },
]

for (const { what, body, contentType, limits, raised, error, fields = ['t=x'], files = [] } of attacks) {
  test(`multipart with ${what}`, () => {
    const result = read(body, contentType, limits)
    assert.equal(errorOf(result.reading), error)
    assert.deepEqual(
      result.sink
        .raised()
        .filter((name) => name.startsWith('MULTIPART_'))
        .map((name) => name.replace('MULTIPART_', '')),
      raised,
    )
    assert.deepEqual(result.sink.of('ARGS_POST'), fields)
    assert.deepEqual(result.sink.of('FILES'), files)
    const flags = result.reading.kind === 'failed' ? result.reading.flags : []
    assert.ok(flags.every((flag) => result.sink.variables[flag] !== 0))
  })
}
