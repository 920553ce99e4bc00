import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { operatorNames } from '../operators/compile-operator.ts'
import { transformationNames } from '../transformations/find-transformation.ts'
import { variables } from '../3-compile/variables.ts'
import { checkStatements } from '../2-check/check-statements.ts'
import { parseRules } from '../1-parse/parse-rules.ts'
import { ask, compileText } from './testing.ts'
import { Waf } from './waf.ts'

const variableNames = [...variables.keys()]
const selector = fc.constantFrom('', '', ':a', ':/^a/', ":'/b c/'", ':/*', '://@*', ':/(/')
const target = fc
  .tuple(fc.constantFrom('', '', '', '!', '&'), fc.constantFrom(...variableNames), selector)
  .map((parts) => parts.join(''))
const argument = fc.constantFrom(
  '1',
  'a',
  '(a)(b)?',
  '^(?:a|b)*$',
  '%{tx.1}',
  '%{args.a}',
  '1-64,9',
  '10.0.0.0/8',
  '',
  '(',
  '[',
  'a b c',
  '|61|',
  '%{',
)
const operator = fc
  .tuple(fc.constantFrom('', '', '!'), fc.constantFrom(...operatorNames), argument)
  .map(([sign, name, text]) => `${sign}@${name} ${text}`)
const actionTexts = [
  'deny',
  'pass',
  'block',
  'allow',
  'allow:phase',
  'drop',
  'capture',
  'multiMatch',
  'nolog',
  'log',
  'skip:1',
  'skip:9',
  'skipAfter:END',
  'status:404',
  'severity:2',
  'tag:x',
  "msg:'%{matched_var}'",
  "redirect:'/%{args.a}'",
  "logdata:'%{tx.0}'",
  'phase:1',
  'phase:3',
  'phase:4',
  'phase:5',
  'phase:9',
  "setvar:'tx.%{tx.0}=+%{tx.1}'",
  'setvar:!tx.a',
  'setvar:ip.x=+1',
  'expirevar:ip.x=9',
  'initcol:ip=%{remote_addr}',
  'setuid:%{args.a}',
  'ctl:ruleEngine=Off',
  'ctl:ruleRemoveById=1-9',
  'ctl:ruleRemoveTargetById=2;ARGS:a',
  'ctl:requestBodyProcessor=XML',
  'ctl:forceRequestBodyVariable=On',
  'ctl:requestBodyAccess=Off',
  'ctl:auditLogParts=+E',
  'chain',
  'nonsense',
  'setvar:x',
  'ctl:x=y',
]
const action = fc.oneof(
  fc.constantFrom(...transformationNames).map((name) => `t:${name}`),
  fc.constantFrom(...actionTexts),
)
const directives = [
  'SecMarker END',
  'SecRuleEngine DetectionOnly',
  'SecRuleRemoveById 3',
  'SecRuleUpdateTargetById 1 "!ARGS:a"',
  'SecDefaultAction "phase:2,deny,log"',
  'SecRuleUpdateActionById 2 "pass"',
  'SecRequestBodyLimit 10',
  '"',
  '\\',
]
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(
      fc.array(target, { minLength: 1, maxLength: 3 }),
      operator,
      fc.array(action, { maxLength: 4 }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...directives),
  },
)

/** Lines as rule files have them; only a rule that is not linked to the one before has an id. */
function toText(lines: readonly (string | [string[], string, string[]])[]): string {
  let isChained = false
  return lines
    .map((one, index) => {
      if (typeof one === 'string') return one
      const [targets, test, actions] = one
      const own = isChained ? actions : [`id:${index + 1}`, ...actions]
      isChained = actions.includes('chain')
      return `SecRule ${targets.join('|')} "${test}" "${own.join()}"`
    })
    .join('\n')
}

const bytes = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text).toString('latin1'))
const request = fc.record({
  target: fc.oneof(bytes, fc.constantFrom('/?a=ab&b=c', '/a/../b?a=%2e&a=1', '*')),
  headers: fc.dictionary(fc.constantFrom('Cookie', 'Content-Type', 'X', 'Content-Encoding', ''), bytes),
  body: bytes,
  type: fc.constantFrom('application/json', 'text/xml', 'multipart/form-data; boundary=a', ''),
})

test('no rule file stops the compiler, and no request an engine made of one', () => {
  let engines = 0
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), request, (lines, { type, ...rest }) => {
      const text = toText(lines)
      checkStatements(parseRules(text, 'a.conf').statements)
      const { ruleSet, diagnostics } = compileText(text)
      for (const { message, fix } of diagnostics) assert.ok(message !== '' && fix !== '')
      if (ruleSet === undefined) return
      engines += 1
      const waf = new Waf(ruleSet)
      ask(waf, { ...rest, method: 'POST', headers: { ...rest.headers, 'Content-Type': type } })
      ask(waf, { target: '/?a=ab' })
    }),
    { numRuns: 1_500 },
  )
  assert.ok(engines > 100, `${engines} of the rule files could be loaded`)
})

test('any bytes are a rule file or mistakes with their places', () => {
  const piece = fc.oneof(
    bytes,
    fc.constantFrom(
      'SecRule ',
      'SecAction ',
      '"',
      "'",
      '\\\n',
      '\n',
      'ARGS',
      '|',
      '@rx ',
      'id:1',
      ',',
      '&',
      '!',
      ':',
      '/',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      for (const { position } of compileText(pieces.join('')).diagnostics) assert.ok(position)
    }),
    { numRuns: 2_000 },
  )
})
