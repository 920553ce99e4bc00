import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { errorOf, readWith } from '../testing.ts'
import { readXml } from './read-xml.ts'

const documents: readonly (readonly [text: string, ...expected: string[]])[] = [
  ['<a/>'],
  ['<a></a>'],
  [' '],
  ['<a>x</a>', '/*=x'],
  ['<?xml version="1.0" encoding="UTF-8"?>\n<a><b>x</b><b>y</b></a>\n', '/*=x', '/*=y'],
  ['<a b="1" c = \'2\'/>', '//@*=1', '//@*=2'],
  ['<a>\n  <b k="v">x</b>\n</a>', '//@*=v', '/*=x'],
  ['<a>&lt;script&gt;&#60;&#x3C;&amp;lt;&quot;&apos;&#228;&#x1F600;</a>', '/*=<script><<&lt;"\'ä😀'],
  ['<a b="&lt;&#9;"/>', '//@*=<\t'],
  ['<a><![CDATA[<script>&lt;]]></a>', '/*=<script>&lt;'],
  ['<a>sel<!-- -->ect<![CDATA[ 1]]><?p i?>+1</a>', '/*=select 1+1'],
  ['<a>un<b>ion</b> select</a>', '/*=ion', '/*=un select', '/*=union select'],
  ['<s:E xmlns:s="http://a.example/soap#"><s:B>x</s:B></s:E>', '/*=x'],
  [
    '<a xmlns="javascript:alert(1)" xmlns:b="http://a.example/?q=\'"/>',
    '//@*=javascript:alert(1)',
    "//@*=http://a.example/?q='",
  ],
  ['<!DOCTYPE note><note>x</note>', '/*=x'],
  ['<a>&#x110000;&#0065;</a>', '/*=\uFFFDA'],
  ['<ä>x</ä>', '/*=x'],
  ['\uFEFF<a>x</a>', '/*=x'],
]

test('texts and attributes of a document are values', () => {
  for (const [text, ...expected] of documents) {
    const { reading, sink } = readWith(readXml, text)
    assert.deepEqual([errorOf(reading), sink.of('XML')], [undefined, expected], text)
  }
})

const mistakes: readonly (readonly [text: string, error: string])[] = [
  ['x', 'no XML at byte 0'],
  ['<a>', 'XML that ends too early'],
  ['<a', 'no XML at byte 2'],
  ['<', 'no XML at byte 0'],
  ['<>', 'no XML at byte 0'],
  ['</>', 'an end tag of another element at byte 0'],
  ['<a></b>', 'an end tag of another element at byte 3'],
  ['<a><b></a></b>', 'an end tag of another element at byte 6'],
  ['<a/><b/>', 'a second root element at byte 4'],
  ['<a/>x', 'no XML at byte 4'],
  ['<a b=1/>', 'no XML at byte 5'],
  ['<a b/>', 'no XML at byte 4'],
  ['<a b="1"c="2"/>', 'no XML at byte 8'],
  ['<a b="1/>', 'no XML at byte 5'],
  ['<a>&nbsp;</a>', 'an unknown reference at byte 3'],
  ['<a>&x</a>', 'an unknown reference at byte 3'],
  ['<a>&#0;</a>', 'an unknown reference at byte 3'],
  ['<a b="&#x0;"/>', 'an unknown reference at byte 5'],
  ['<a>&lt;&#12345678;</a>', 'an unknown reference at byte 3'],
  ['<a><![CDATA[x</a>', 'no XML at byte 3'],
  ['<a><!-- x</a>', 'no XML at byte 3'],
  ['<![CDATA[x]]><a/>', 'no XML at byte 0'],
  ['<?xml', 'no XML at byte 0'],
  ['<!-- -->', 'XML that ends too early'],
  ['<a/><!DOCTYPE a>', 'no XML at byte 4'],
  ['{"a":1}', 'no XML at byte 0'],
]

test('a text that is no XML is an error at its byte, and is inspected as a whole', () => {
  for (const [text, error] of mistakes) {
    const { reading, sink } = readWith(readXml, text)
    assert.equal(errorOf(reading), error, text)
    assert.equal(sink.of('XML').at(-1), `/*=${text}`)
  }
})

test('a DTD is never followed, and what it names is inspected', () => {
  for (const [doctype, ...literals] of [
    ['<!DOCTYPE a SYSTEM "http://169.254.169.254/">', 'http://169.254.169.254/'],
    ['<!DOCTYPE a PUBLIC \'-//X\' "x.dtd">', '-//X', 'x.dtd'],
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 'file:///etc/passwd'],
    ['<!DOCTYPE a [<!ENTITY x "]>"> <!-- " ]> --> <!ENTITY y \'z\'>]>', ']>', 'z'],
    ['<!DOCTYPE a []>'],
  ] as const) {
    const { reading, sink } = readWith(readXml, `${doctype}<a>&x;</a>`)
    assert.equal(errorOf(reading), 'a DTD at byte 0', doctype)
    assert.deepEqual(
      sink.of('XML').slice(0, -1),
      literals.map((literal) => `/*=${literal}`),
    )
  }
  assert.equal(errorOf(readWith(readXml, '<!DOCTYPE a [ <a/>').reading), 'no XML at byte 0')
})

test('depth and number of values are bounded, and what is past them is seen', () => {
  for (const [text, limits, error] of [
    ['<a>'.repeat(50_000), {}, 'more than 128 levels'],
    ['<a><b>1</b><b>2</b><b>3</b></a>', { arguments: 2 }, 'more than 2 arguments'],
    [`<a${' b="1"'.repeat(3)}/>`, { arguments: 2 }, 'more than 2 arguments'],
  ] as const) {
    const { reading, sink } = readWith(readXml, text, '', limits)
    assert.equal(errorOf(reading), error)
    assert.equal(sink.of('XML').at(-1), `/*=${text}`)
  }
})

test('an encoding that hides ASCII is an error; UTF-16 is read', () => {
  assert.equal(readWith(readXml, '<?xml version="1.0" encoding="utf-7"?><a>+ADw-</a>').reading.kind, 'failed')
  assert.equal(readWith(readXml, '<?xml version="1.0" encoding="IBM037"?><a>x</a>').reading.kind, 'failed')
  assert.equal(readWith(readXml, '<?xml version="1.0" encoding="ISO-8859-1"?><a>x</a>').reading.kind, 'read')
  const wide = Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', 'utf16le')
  const { reading, sink } = readWith(readXml, wide, 'text/xml')
  assert.deepEqual([reading.kind, sink.of('XML')], ['read', ['/*=ü']])
})

test('text and attributes that were escaped come back as they were', () => {
  const plain = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.trim() !== '')
  fc.assert(
    fc.property(plain, plain, (text, attribute) => {
      const { sink } = readWith(readXml, `<a><b k="${escaped(attribute)}">${escaped(text)}</b></a>`)
      assert.deepEqual(sink.of('XML'), [`//@*=${attribute}`, `/*=${text}`])
    }),
  )
})

test('no bytes stop the reader, and no letter of a document goes unseen', () => {
  const pieces = [
    '<a',
    '<b>',
    '</a>',
    '</b>',
    '>',
    '/>',
    ' k="',
    '"',
    "'",
    'abcd',
    '&lt;',
    '&',
    '<![CDATA[',
    ']]>',
    '=',
    '<?',
    '<!',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (chosen) => {
      const text = chosen.join('')
      const { sink } = readWith(readXml, text)
      if (text.replaceAll(/<\?[^]*?\?>/g, '').includes('abcd')) {
        const isName = /<[^<>"']*abcd/.test(text)
        assert.ok(isName || sink.of('XML').join(' ').includes('abcd'), text)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('documents made to be slow are read in one pass', () => {
  for (const text of [
    '<!DOCTYPE a [' + '<!--'.repeat(50_000),
    '<!DOCTYPE a [' + "'".repeat(3) + '"'.repeat(1) + "<!-- '".repeat(30_000),
    `<a>${'&'.repeat(200_000)}</a>`,
    `<a ${'b'.repeat(200_000)}`,
    `<?xml ${' encoding='.repeat(20_000)}`,
    '<!--'.repeat(50_000),
    '<a b="'.repeat(40_000),
    `<a>${'<b>x</b>y'.repeat(20_000)}</a>`,
  ]) {
    assert.equal(readWith(readXml, text).reading.kind, 'failed')
  }
})

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&#60;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}
