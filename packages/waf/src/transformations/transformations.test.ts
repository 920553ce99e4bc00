import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf, bytesOfText } from '../language/bytes.ts'
import { bestFit } from './best-fit.ts'
import { findTransformation, transformationNames } from './find-transformation.ts'
import type { Transformation } from './transformation.ts'

const signs = '%%%+uUxX&#;\\/*-.<!>[]{}01789aAfFgG \t\n\'"^,=\0\xa0\xc0\xaf\xe3\xff'
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map(bytesOf),
  fc
    .array(fc.constantFrom(...signs.split('')), { maxLength: 40 })
    .map((parts) => parts.join('') as ByteString),
)

/** Decoders take one layer off, encoders and digests put one on; all others leave their own result alone. */
const layered = new Set(
  [
    'base64Decode base64DecodeExt base64DecodeText base64Encode cssDecode escapeSeqDecode hexDecode hexEncode htmlEntityDecode jsDecode',
    'length md5 removeComments removeCommentsChar replaceComments sha1 sqlHexDecode percentDecode urlDecode urlDecodeUni urlEncode',
    'phpArgsNames',
  ].flatMap((names) => names.split(' ')),
)

test('every transformation takes any bytes and gives bytes', () => {
  for (const name of transformationNames) {
    fc.assert(
      fc.property(bytes, (input) => {
        assert.match(named(name)(input), /^[\0-\xff]*$/, name)
      }),
    )
  }
})

test('what is not a layer of encoding changes nothing the second time, and then gives the very same string', () => {
  for (const name of transformationNames.filter((each) => !layered.has(each))) {
    fc.assert(
      fc.property(bytes, (input) => {
        const once = named(name)(input)
        assert.equal(named(name)(once), once, name)
      }),
    )
  }
})

test('no result outgrows its input by more than the encoding asks for', () => {
  for (const name of transformationNames.filter((each) => !/^(md5|sha1|length)$/.test(each))) {
    fc.assert(
      fc.property(bytes, (input) => {
        assert.ok(named(name)(input).length <= input.length * 3 + 4, name)
      }),
    )
  }
})

test('a result does not change when the next value is transformed', () => {
  const first = named('lowercase')(of('ABC'))
  named('lowercase')(of('XYZXYZ'))
  assert.equal(first, 'abc')
})

test('values larger than the kept buffer are transformed like small ones', () => {
  const unit = of('%41+%zz')
  for (const count of [1, 3_000, 40_000, 200_000]) {
    assert.equal(named('urlDecode')(unit.repeat(count) as ByteString), 'A %zz'.repeat(count))
  }
})

test('encoders and decoders are inverse', () => {
  fc.assert(
    fc.property(bytes, (input) => {
      assert.equal(named('base64Decode')(named('base64Encode')(input)), input)
      assert.equal(named('hexDecode')(named('hexEncode')(input)), input)
      assert.equal(named('urlDecode')(named('urlEncode')(input)), input)
      assert.equal(named('base64DecodeExt')(of(Buffer.from(input, 'latin1').toString('base64url'))), input)
    }),
  )
})

test('digests are those of node:crypto', () => {
  fc.assert(
    fc.property(bytes, (input) => {
      const raw = Buffer.from(input, 'latin1')
      assert.equal(named('md5')(input), createHash('md5').update(raw).digest('latin1'))
      assert.equal(named('sha1')(input), createHash('sha1').update(raw).digest('latin1'))
    }),
  )
})

test('a path is normalised as a list of segments would be', () => {
  const path = fc.array(fc.constantFrom('/', '/', '..', '.', 'a', 'b.c', '...'), { maxLength: 12 })
  fc.assert(
    fc.property(path, (parts) => {
      const input = of(parts.join(''))
      assert.equal(named('normalizePath')(input), segmentwise(input))
    }),
  )
})

test('letters beyond ASCII have no case', () => {
  const high = of(String.fromCharCode(...Array.from({ length: 128 }, (_, index) => 128 + index)))
  assert.equal(named('lowercase')(high), high)
  assert.equal(named('lowercase')(of(`ABZ${high}[@`)), `abz${high}[@`)
  assert.equal(named('uppercase')(high), high)
})

test('one layer is decoded, never two', () => {
  assert.equal(named('urlDecode')(of('%2541')), '%41')
  assert.equal(named('urlDecodeUni')(of('%25u0041')), '%u0041')
  assert.equal(named('htmlEntityDecode')(of('&amp;lt;')), '&lt;')
  assert.equal(named('jsDecode')(of('\\\\x41')), '\\x41')
})

test('Unicode in %u is folded to the byte that a lax server would read', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['%uff1cscript%uff1e', '<script>'],
    ['%u2039script%u203a', '<script>'],
    ['%u3008b%u3009', '<b>'],
    ['1%u2019 or %u201c', `1' or "`],
    ['%u02b9%u2032%u2018', `'''`],
    ['..%u2215..%u2044', '../../'],
    ['%u0131mg %u017fcript', 'img script'],
    ['%u0053%U0054', 'ST'],
    ['%u12', '%u12'],
    ['%u00', '%u00'],
    ['%', '%'],
    ['%u', '%u'],
  ]
  for (const [input, output] of cases) assert.equal(named('urlDecodeUni')(of(input)), output, input)
})

test('no combining accent and no letter of a script without Latin look becomes ASCII', () => {
  for (const codePoint of [0x0301, 0x0431, 0x05d0, 0x1100, 0x4e2d, 0xac00, 0xffe3]) {
    assert.equal(bestFit(codePoint), undefined, codePoint.toString(16))
  }
})

test('UTF-8 is written as %u, also when it is longer than need be', () => {
  const decode = (text: ByteString): string => named('urlDecodeUni')(named('utf8toUnicode')(text))
  assert.equal(named('utf8toUnicode')(bytesOfText('é')), '%u00e9')
  assert.equal(decode(bytesOfText('＜script＞')), '<script>')
  assert.equal(decode(bytesOfText('𝐬𝐞𝐥𝐞𝐜𝐭')), 'select')
  assert.equal(decode(of('..\xc0\xaf..\xe0\x80\xaf')), '../../')
  assert.equal(named('utf8toUnicode')(bytesOfText('😀')), bytesOfText('😀'))
  assert.equal(named('utf8toUnicode')(of('\xc3')), '\xc3')
  assert.equal(named('utf8toUnicode')(of('\xe2\x82')), '\xe2\x82')
})

test('entities are read as browsers read them', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['&lt;script&gt', '<script>'],
    ['&LT;', '<'],
    ['&#0000060;&#x000003C', '<<'],
    ['java&Tab;script&colon;alert&lpar;1&rpar;', 'java\tscript:alert(1)'],
    ['&colon', '&colon'],
    ['&COLON;', '&COLON;'],
    ['&ltx', '&ltx'],
    ['&', '&'],
    ['&#', '&#'],
    ['&#x', '&#x'],
    ['&#x;', '&#x;'],
    [`&#${'0'.repeat(500)}60;`, '<'],
    [`&#x${'f'.repeat(500)}3c;`, '<'],
  ]
  for (const [input, output] of cases) assert.equal(named('htmlEntityDecode')(of(input)), output, input)
})

test('escapes of scripts and style sheets are read to their end and not beyond', () => {
  assert.equal(named('jsDecode')(of('\\u003cscript\\u{3e}\\uff1c\\x3C\\74')), '<script><<<')
  assert.equal(named('jsDecode')(of(`\\u{${'0'.repeat(300)}3c}`)), '<')
  assert.equal(named('jsDecode')(of('\\u{110000}\\u{}\\u{3c')), 'u{110000}u{}u{3c')
  assert.equal(named('jsDecode')(of('\\400\\377')), ' 0\xff')
  assert.equal(named('cssDecode')(of('e\\78 pression\\00003c\\3c  \\')), 'expression<< ')
  assert.equal(named('escapeSeqDecode')(of('\\x3c\\074\\\\')), '<<\\')
})

test('base64 is read in either alphabet, over line ends, and up to what cannot belong', () => {
  assert.equal(named('base64Decode')(of('PDw_Pz4-')), '<<??>>')
  assert.equal(named('base64Decode')(of('PDw/\r\nPz4+')), '<<??>>')
  assert.equal(named('base64Decode')(of('PDw/!Pz4+')), '<<?')
  assert.equal(named('base64DecodeExt')(of('P*D(w/=P.z4 ')), '<<??>>')
  assert.equal(named('base64Decode')(of('P')), '')
})

test('a comment right behind another one is a comment', () => {
  assert.equal(named('removeComments')(of('a/**//**/b')), 'ab')
  assert.equal(named('removeComments')(of('a<!-- x -->b--c')), 'ab')
  assert.equal(named('replaceComments')(of('un/**/ion/*')), 'un ion ')
})

test('a literal number of SQL becomes its text wherever it stands', () => {
  assert.equal(
    named('sqlHexDecode')(of('union select 0x61646D, 0X41 x 0xg 0x4')),
    'union select adm, A x 0xg 0x4',
  )
})

test('a name that is not known is not found, a known one in any case', () => {
  assert.equal(findTransformation('urlDecodeAll'), undefined)
  assert.equal(findTransformation('constructor'), undefined)
  assert.equal(findTransformation('URLDECODEUNI'), findTransformation('urlDecodeUni'))
})

function segmentwise(input: string): string {
  const isAbsolute = input.startsWith('/')
  const kept: string[] = []
  for (const segment of input.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') kept.push(segment)
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (!isAbsolute) kept.push('..')
  }
  const path = kept.join('/')
  return (isAbsolute ? '/' : '') + path + (path !== '' && input.endsWith('/') ? '/' : '')
}

function named(name: string): Transformation {
  const transformation = findTransformation(name)
  assert.ok(transformation, name)
  return transformation
}

function of(text: string): ByteString {
  return text as ByteString
}

test('base64 of text becomes the text, in either alphabet, padded or not, over line ends', () => {
  const decode = named('base64DecodeText')
  for (const text of [
    "' or 1=1-- x",
    '<script>alert(1)</script>',
    'Auch ünïcode ist Text',
    '>>>???>>>???~~~',
  ])
    for (const encoding of ['base64', 'base64url'] as const) {
      const encoded = Buffer.from(text).toString(encoding)
      assert.equal(decode(of(encoded)), bytesOfText(text), encoded)
      assert.equal(decode(of(encoded.replaceAll('+', ' '))), bytesOfText(text), encoded)
      assert.equal(decode(of(`${encoded.slice(0, 8)}\r\n${encoded.slice(8)}`)), bytesOfText(text), encoded)
    }
})

test('what is no base64 of text stays as it is: words, identifiers, digests, pictures, other lengths', () => {
  const values = [
    'The quick brown fox jumps over the lazy dog',
    'documentation-of-everything',
    '550e8400-e29b-41d4-a716-446655440000',
    'd41d8cd98f00b204e9800998ecf8427e',
    'iVBORw0KGgoAAAANSUhEUgAAAAUA',
    'PHNjcm',
    'Username',
    'password',
    'PHNjcmlwdD5hbGVydA===',
    'PHNjcmlwdD5hbGVydCgxK',
    'PHNjcmlwdD5hbGVy.dCgx',
  ]
  for (const value of values) assert.equal(named('base64DecodeText')(of(value)), value)
})
