import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiagnosticError } from '@gateward/kernel'
import { parse } from 'yaml'
import { addExclusions } from './add-exclusions.ts'

const one = { rules: [2041], fields: ['body /text'], operations: ['writeArticle'] }
const line = '{ rules: [2041], fields: ["body /text"], operations: ["writeArticle"] }'

const cases: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'a list in lines gets one more, below its last and the comment behind it',
    `guards:
  waf:
    mode: shadow # looks on
    exclusions:
      - { rules: [1] } # why
      # the end

  quota: { mode: off }
`,
    `guards:
  waf:
    mode: shadow # looks on
    exclusions:
      - { rules: [1] } # why
      - ${line}
      # the end

  quota: { mode: off }
`,
  ],
  [
    'a guard in lines gets the list',
    'guards:\n  waf:\n    rules: [core] # ours\n# end\n',
    `guards:\n  waf:\n    rules: [core] # ours\n    exclusions:\n      - ${line}\n# end\n`,
  ],
  [
    'a guard in braces gets the list in them',
    'guards: { waf: { mode: "${MODE:-shadow}", rules: [core] } } # one line\n',
    `guards: { waf: { mode: "\${MODE:-shadow}", rules: [core], exclusions: [ ${line} ] } } # one line\n`,
  ],
  [
    'a list in brackets gets one more',
    'guards:\n  waf: { exclusions: [{ rules: [1] }] }\n',
    `guards:\n  waf: { exclusions: [{ rules: [1] }, ${line}] }\n`,
  ],
  [
    'an empty list gets its first',
    'guards:\n  waf:\n    exclusions: []\n',
    `guards:\n  waf:\n    exclusions: [ ${line} ]\n`,
  ],
  [
    'other guards get the WAF beside them',
    'guards:\n  quota: { mode: off }\napis: { a: { contract: none } }\n',
    `guards:\n  quota: { mode: off }\n  waf:\n    exclusions:\n      - ${line}\napis: { a: { contract: none } }\n`,
  ],
  [
    'a file without guards gets them at its end, though that is no whole line',
    'version: 1 # first',
    `version: 1 # first\nguards:\n  waf:\n    exclusions:\n      - ${line}\n`,
  ],
  [
    'a name with nothing behind it gets a value',
    'guards:\n  waf: # to be written\nversion: 1\n',
    `guards:\n  waf: { exclusions: [ ${line} ] } # to be written\nversion: 1\n`,
  ],
  [
    'a reference without quotes between braces stays what it is',
    'listen: { http: { port: ${PORT:-8080} } }\nguards: { waf: { mode: ${MODE} } }\n',
    `listen: { http: { port: \${PORT:-8080} } }\nguards: { waf: { mode: \${MODE}, exclusions: [ ${line} ] } }\n`,
  ],
  [
    'a text over lines is not taken for the end',
    'guards:\n  waf:\n    note: |\n      one\n      two\nversion: 1\n',
    `guards:\n  waf:\n    note: |\n      one\n      two\n    exclusions:\n      - ${line}\nversion: 1\n`,
  ],
]

for (const [name, before, after] of cases) {
  test(name, () => {
    const { text, added } = addExclusions(before, 'gateward.yaml', [one])
    assert.equal(text, after)
    assert.deepEqual(added, [one])
    assert.deepEqual(addExclusions(text, 'gateward.yaml', [one]), { text, added: [] })
  })
}

test('a configuration in JSON stays JSON', () => {
  const before = '{\n  "version": 1,\n  "guards": {\n    "waf": { "rules": ["core"] }\n  }\n}\n'
  const { text } = addExclusions(before, 'gateward.json', [one])
  assert.deepEqual(JSON.parse(text), {
    version: 1,
    guards: { waf: { rules: ['core'], exclusions: [one] } },
  })
})

test('a trailing comma in a list is taken as it is', () => {
  const before = 'guards:\n  waf:\n    exclusions: [\n      { rules: [1] }, # a\n    ]\n'
  const { text } = addExclusions(before, 'a.yaml', [one])
  assert.deepEqual(parse(text).guards.waf.exclusions, [{ rules: [1] }, one])
  assert.match(text, /# a\n/)
})

for (const [name, text] of [
  ['an alias', 'x: &w { mode: shadow }\nguards:\n  waf: *w\n'],
  ['an anchor, which is read elsewhere too', 'guards:\n  waf: &w { mode: shadow }\nx: *w\n'],
  ['a word', 'guards:\n  waf: shadow\n'],
  ['two documents', 'version: 1\n---\nversion: 1\n'],
] as const) {
  test(`behind ${name} nothing is written`, () => {
    assert.throws(() => addExclusions(text, 'gateward.yaml', [one]), DiagnosticError)
  })
}
