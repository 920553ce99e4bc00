import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ActionCall, Selector, Statement, Target } from '../language/rule.ts'
import { formatStatement } from './format-statement.ts'
import { parseRules } from './parse-rules.ts'

function parse(text: string): readonly Statement[] {
  const { statements, diagnostics } = parseRules(text, 'a.conf')
  assert.deepEqual(diagnostics, [])
  return statements
}

function mistakes(text: string): readonly string[] {
  return parseRules(text, 'a.conf').diagnostics.map(
    ({ code, position }) => `${position?.line}:${position?.column} ${code}`,
  )
}

test('a rule over several lines is one rule, placed at its first line', () => {
  const text = `# why\n\nSecRule ARGS|!ARGS:token \\\n    "@rx ^a\\"b|c$" \\  \n  "id:1, phase:2,\\\n  msg:'a, \\'b\\''"\r\n`
  assert.deepEqual(parse(text), [
    {
      kind: 'rule',
      targets: [
        { variable: 'ARGS', selector: undefined, excluded: false, counted: false },
        { variable: 'ARGS', selector: { kind: 'name', name: 'token' }, excluded: true, counted: false },
      ],
      operator: { name: 'rx', negated: false, argument: '^a"b|c$' },
      actions: [
        { name: 'id', argument: '1' },
        { name: 'phase', argument: '2' },
        { name: 'msg', argument: "a, 'b'" },
      ],
      position: { file: 'a.conf', line: 3, column: 1 },
    },
  ])
})

test('selectors are keys, regular expressions or paths', () => {
  const cases: ReadonlyArray<readonly [string, Selector | undefined]> = [
    ['ARGS', undefined],
    ['args:Name', { kind: 'name', name: 'Name' }],
    ['TX:/^a|b$/', { kind: 'regex', source: '^a|b$' }],
    ["ARGS:'/a b,c/'", { kind: 'regex', source: 'a b,c' }],
    ['ARGS:/a\\/|b/c/', { kind: 'regex', source: 'a\\/|b/c' }],
    ['XML:/*', { kind: 'name', name: '/*' }],
    ['XML://@*', { kind: 'name', name: '//@*' }],
    ['XML:/a/b/', { kind: 'name', name: '/a/b/' }],
    ['REQUEST_COOKIES:/x', { kind: 'name', name: '/x' }],
    ["ARGS:'a|b'", { kind: 'name', name: 'a|b' }],
  ]
  for (const [written, selector] of cases) {
    const [rule] = parse(`SecRule "${written}|&TX:last" "@eq 0" "id:1"`)
    assert.ok(rule?.kind === 'rule')
    assert.deepEqual(rule.targets[0]?.selector, selector, written)
    assert.equal(rule.targets.length, 2, written)
    assert.equal(rule.targets[1]?.counted, true)
  }
})

test('an operator may be negated, or be left out for a regular expression', () => {
  const cases: ReadonlyArray<readonly [string, string, boolean, string]> = [
    ['@rx a b', 'rx', false, 'a b'],
    ['!@streq x ', 'streq', true, 'x '],
    ['! @EQ 0', 'eq', true, '0'],
    ['^a$', 'rx', false, '^a$'],
    ['!^a$', 'rx', true, '^a$'],
    ['@detectSQLi', 'detectsqli', false, ''],
    ['', 'rx', false, ''],
  ]
  for (const [written, name, negated, argument] of cases) {
    const [rule] = parse(`SecRule ARGS "${written}" "id:1"`)
    assert.ok(rule?.kind === 'rule')
    assert.deepEqual(rule.operator, { name, negated, argument }, written)
  }
})

test('backslashes of a regular expression stay, whatever quotes surround it', () => {
  const [rule] = parse(String.raw`SecRule ARGS '@rx \\x5c\'\d\"' "id:1"`)
  assert.ok(rule?.kind === 'rule')
  assert.equal(rule.operator.argument, String.raw`\\x5c'\d\"`)
  const [even] = parse(String.raw`SecRule ARGS "@rx a\\" "id:1"`)
  assert.ok(even?.kind === 'rule')
  assert.equal(even.operator.argument, String.raw`a\\`)
})

test('other directives keep their arguments', () => {
  assert.deepEqual(
    parse(
      'SecRuleEngine On\nsecruleupdatetargetbyid 1 "!ARGS:a"\nSecMarker "END"\nSecAction "id:1,pass"',
    ).map((statement) => Object.assign(statement, { position: undefined })),
    [
      { kind: 'directive', name: 'SecRuleEngine', values: ['On'], position: undefined },
      { kind: 'directive', name: 'secruleupdatetargetbyid', values: ['1', '!ARGS:a'], position: undefined },
      { kind: 'marker', name: 'END', position: undefined },
      {
        kind: 'action',
        actions: [
          { name: 'id', argument: '1' },
          { name: 'pass', argument: undefined },
        ],
        position: undefined,
      },
    ],
  )
})

test('a rule is commented out by its first line, but no comment swallows a directive', () => {
  assert.deepEqual(parse('#SecRule ARGS "@rx a" \\\n  "id:1,\\\n  deny"\n'), [])
  assert.equal(parse('# a path is C:\\\nSecRule ARGS "@rx a" "id:1"').length, 1)
  assert.equal(parse('SecAction "id:1,\\\n# why\n  pass"').length, 1)
})

test('mistakes are told with their place in the file, all at once', () => {
  assert.deepEqual(mistakes('SecRule ARGS\n\nSecAction'), ['1:1 bad-directive', '3:1 bad-directive'])
  assert.deepEqual(mistakes('SecRule ARGS \\\n  "@rx a" \\\n  "id:1,msg:\'x'), [
    '3:3 open-quote',
    '3:13 open-quote',
  ])
  assert.deepEqual(mistakes("SecAction \"id:1,msg:'it's'\""), ['1:25 text-after-action'])
  assert.deepEqual(mistakes('SecRule ARGS||ARGS: "@rx a" "id:1"'), [
    '1:14 missing-target',
    '1:20 missing-selector',
  ])
  assert.deepEqual(mistakes('SecRule ARGS "@rx "a"" "id:1"'), ['1:20 text-after-quote', '1:1 bad-directive'])
  assert.deepEqual(mistakes('SecMarker'), ['1:1 bad-directive'])
  assert.deepEqual(mistakes('"" a\n`\n\u0000\u00ff'), [
    '1:1 bad-directive',
    '2:1 bad-directive',
    '3:1 bad-directive',
  ])
})

test('a quote that is never closed ends with the line, unless an action could be lost in it', () => {
  for (const text of ['SecAction "id:1,msg:\'all of it', 'SecAction "id:1,msg:\'all of it"']) {
    const { statements, diagnostics } = parseRules(text, 'a.conf')
    assert.ok(diagnostics.every(({ severity }) => severity === 'warning'))
    assert.deepEqual(statements.map(formatStatement), ['SecAction "id:1,msg:\'all of it\'"'])
  }
  const { statements, diagnostics } = parseRules('SecAction "id:1,msg:\'a, deny"', 'a.conf')
  assert.deepEqual([statements, diagnostics[0]?.severity], [[], 'error'])
})

test('a key may stand after a dot, as in macros', () => {
  assert.deepEqual(
    parse('SecRule TX.score|!ip.seen "@gt 0" "id:1"'),
    parse('SecRule TX:score|!IP:seen "@gt 0" "id:1"'),
  )
})

test('a statement with a mistake is left out, so that nothing is half loaded', () => {
  assert.deepEqual(parseRules('SecAction "id:1,deny foo"', 'a.conf').statements, [])
})

const plainText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
})
// A backslash before a quote or at the end cannot stand in a quoted argument at all.
const argumentText = plainText.map((text) => text.replace(/\\/g, '/').trim())
const word = fc.stringMatching(/^[A-Za-z][A-Za-z_]{0,8}$/)
const selectorText = argumentText.filter((text) => text !== '' && !text.startsWith('/'))
const selector: fc.Arbitrary<Selector | undefined> = fc.oneof(
  fc.constant(undefined),
  selectorText.map((name) => ({ kind: 'name', name }) as const),
  selectorText.map((source) => ({ kind: 'regex', source }) as const),
)
const target: fc.Arbitrary<Target> = fc.record({
  variable: word.map((name) => name.toUpperCase()).filter((name) => name !== 'XML'),
  selector,
  excluded: fc.boolean(),
  counted: fc.boolean(),
})
const actions: fc.Arbitrary<readonly ActionCall[]> = fc.array(
  fc.record({
    name: word.map((name) => name.toLowerCase()),
    argument: fc.option(argumentText, { nil: undefined }),
  }),
  { minLength: 1, maxLength: 4 },
)
const position = fc.constant({ file: 'a.conf', line: 1, column: 1 })
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({
    kind: fc.constant('rule' as const),
    targets: fc.array(target, { minLength: 1, maxLength: 4 }),
    operator: fc.record({
      name: word.map((name) => name.toLowerCase()),
      negated: fc.boolean(),
      argument: argumentText,
    }),
    actions: fc.oneof(fc.constant([]), actions),
    position,
  }),
  fc.record({ kind: fc.constant('action' as const), actions, position }),
  fc.record({
    kind: fc.constant('marker' as const),
    name: argumentText.filter((name) => name !== ''),
    position,
  }),
  fc.record({
    kind: fc.constant('directive' as const),
    name: word.map((name) => `Other${name}`),
    values: fc.array(argumentText),
    position,
  }),
)

test('what is written is read back as the same statement', () => {
  fc.assert(
    fc.property(statement.map(structuredClone<Statement>), (original) => {
      assert.deepEqual(parse(formatStatement(original)), [original])
    }),
  )
})

test('a backslash before a quote survives being written', () => {
  for (const source of [
    'SecOther a\\"b',
    "SecRule ARGS '@rx a\\\\\\\"b' id:1",
    'SecRule ARGS "@rx a\\\\\\"b\'" id:1',
  ]) {
    const read = parse(source)
    assert.deepEqual(parse(read.map(formatStatement).join('\n')), read, source)
  }
})

test('any text is read without an exception, and what it says survives being written', () => {
  const token = fc.constantFrom(
    'SecRule ',
    'ARGS',
    '"',
    "'",
    '\\',
    '\n',
    '|',
    ':',
    ',',
    '/',
    '@rx ',
    'id:1',
    '#',
    ' ',
    '!',
  )
  const text = fc.oneof(
    plainText,
    fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join('')),
  )
  fc.assert(
    fc.property(text, (source) => {
      const { statements, diagnostics } = parseRules(source, 'a.conf')
      for (const { position } of diagnostics) assert.ok(position !== undefined && position.line >= 1)
      for (const statement of statements) assert.equal(typeof formatStatement(statement), 'string')
    }),
    { numRuns: 500 },
  )
})
