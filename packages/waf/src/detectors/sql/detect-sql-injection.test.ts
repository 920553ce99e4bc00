import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText } from '../../language/bytes.ts'
import { detectSqlInjection } from './detect-sql-injection.ts'
import { mysql, standard } from './token.ts'
import { tokenize } from './tokenize.ts'

/** How a value leaves the place it was put into. */
const exits = ['1', '-1', '1)', "'", '"', "')", '")', "'))", "1'", "a'", "x%'", "admin'"]

/** How the statement goes on. */
const continuations = [
  'or 1=1',
  "or 'a'='a",
  'and 2>1',
  'or true',
  'union select 1,2,3',
  'union all select user,password from users',
  'order by 5',
  'group by 1 having 1=1',
  'and sleep(5)',
  'and (select 1 from dual)=1',
  'and exists(select * from users)',
  '; drop table users',
  '; select pg_sleep(5)',
  "; waitfor delay '0:0:5'",
  'and ascii(substr(user(),1,1))>64',
  'and ascii(substring(version() from 1 for 1))>64',
  'procedure analyse()',
  "into outfile '/tmp/x'",
  'or 1 between 0 and 2',
]

/** How the rest of the statement is dropped. */
const endings = ['--', '-- -', '#', '/*', ';--']

/** How the words are hidden from whoever looks for them. */
const disguises: Readonly<Record<string, (text: string) => string>> = {
  'as they are': (text) => text,
  'with comments for spaces': (text) => text.replaceAll(' ', '/**/'),
  'with vertical tabs for spaces': (text) => text.replaceAll(' ', '\v'),
  'with comments to the end of lines for spaces': (text) => text.replaceAll(' ', '#x\n'),
  'in comments that MySQL executes': (text) => text.replace(/\b(?:union|select|or|and)\b/g, '/*!50000$&*/'),
  'in mixed case': (text) =>
    text.replace(/[a-z]/g, (letter, at) => (at % 2 === 0 ? letter : letter.toUpperCase())),
  'with parentheses around operands': (text) => text.replace(/(\d)=(\d)/g, '($1)=($2)'),
}

for (const [name, disguise] of Object.entries(disguises)) {
  test(`every way out of a literal and on is found, ${name}`, () => {
    const missed = exits.flatMap((exit) =>
      continuations.flatMap((continuation) =>
        endings
          .map((ending) => disguise(`${exit} ${continuation}`) + ending)
          .filter((value) => detectSqlInjection(bytesOfText(value)) === undefined),
      ),
    )
    assert.deepEqual(missed, [])
  })
}

test('quotes and spaces that a database converts to ASCII are read as such', () => {
  for (const value of ['＇ or 1=1--', 'xʼ or 1=1--', '1\u00a0union\u00a0select\u00a02'])
    assert.ok(detectSqlInjection(bytesOfText(value)), value)
})

test('the evidence begins where the statement changes', () => {
  assert.equal(detectSqlInjection(bytesOfText("ada' or 1=1--"))?.evidence, "' or 1=1--")
})

const kindsOf = (value: string, dialect = mysql) =>
  tokenize(value, '', dialect).tokens.map(({ kind }) => kind)

test('two hyphens open a comment in the standard, and in MySQL only before white space', () => {
  assert.deepEqual(kindsOf('1--1', standard), ['number', 'comment', 'end'])
  assert.deepEqual(kindsOf('1--1'), ['number', 'operator', 'operator', 'number', 'end'])
  assert.deepEqual(kindsOf('1-- 1'), ['number', 'comment', 'end'])
})

test('a number ends where a keyword begins, and a number with an empty exponent is read over', () => {
  assert.deepEqual(kindsOf('1union'), ['number', 'word', 'end'])
  assert.deepEqual(kindsOf('1.e(2)'), ['open', 'number', 'close', 'end'])
  assert.deepEqual(kindsOf('50px'), ['word', 'end'])
})

test('a doubled quote belongs to a literal, and a backslash takes the next quote with it in MySQL', () => {
  assert.deepEqual(kindsOf("'a''b'"), ['string', 'end'])
  assert.deepEqual(kindsOf(String.raw`'a\'c'`), ['string', 'end'])
  assert.deepEqual(kindsOf(String.raw`'a\'c'`, standard), ['string', 'word', 'string', 'end'])
})
