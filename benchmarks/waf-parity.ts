// `node benchmarks/waf-parity.ts`: the Core Rule Set's own regression suite through nginx with libmodsecurity and through this
// engine, both at paranoia level 4; which rules either of them logged, stage by stage, and why they differ where they do.
// GATEWARD_CRS4 names a checkout of CRS 4. Options: --json, --unexplained N (stages to show), --only TEXT (in a stage's title).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createWaf } from '@gateward/waf'
import { readSuite } from '../packages/waf/src/engine/regression/read-suite.ts'
import { runSuite } from '../packages/waf/src/engine/regression/run-suite.ts'
import { temporaryFolder } from './processes.ts'
import { compareStages } from './waf-parity/compare-stages.ts'
import { readRuleFacts } from './waf-parity/rule-facts.ts'
import { askNginx } from './waf-parity/ask-nginx.ts'
import { copyRules } from './waf-parity/copy-rules.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    unexplained: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
  },
})
const checkout = process.env['GATEWARD_CRS4']
if (checkout === undefined) throw new Error('GATEWARD_CRS4 names no checkout of CRS 4')

using folder = temporaryFolder()
const rules = join(folder.path, 'suite.conf')
const copied = copyRules(join(checkout, 'rules'), join(folder.path, 'rules'))
writeFileSync(
  rules,
  `SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain text/html text/xml application/json
SecRequestBodyLimit 13107200
SecRequestBodyNoFilesLimit 1048576
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecAction "id:900005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:forceRequestBodyVariable=On,setvar:tx.blocking_paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,setvar:tx.arg_name_length=100,setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,setvar:tx.max_file_size=64100,setvar:tx.combined_file_size=65535"
Include ${join(checkout, 'crs-setup.conf.example')}
Include ${copied}/*.conf
`,
)
const stages = readSuite(join(checkout, 'tests/regression/tests')).filter(({ title }) =>
  title.includes(options.only),
)
progress(`${stages.length} stages through this engine`)
const { waf, diagnostics } = await createWaf({
  rules: [rules],
  settings: { budget: Number.POSITIVE_INFINITY },
})
if (waf === undefined) throw new Error(`the rules cannot be loaded: ${JSON.stringify(diagnostics[0])}`)
const ours = runSuite(waf, stages).map(({ ids }) => ids)
progress('and through nginx with libmodsecurity')
const theirs = await askNginx(join(folder.path, 'with'), rules, stages, progress)
progress('and through nginx without rules')
const alone = await askNginx(join(folder.path, 'without'), undefined, stages, progress)
const comparison = compareStages(stages, ours, theirs, alone, readRuleFacts(join(checkout, 'rules')))
if (options.json) console.log(JSON.stringify(comparison, undefined, 2))
else print()

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

function print(): void {
  const { stages: total, equal, explained, reasons, unexplained } = comparison
  const share = (count: number) => `${count} of ${total} (${((100 * count) / total).toFixed(2)} %)`
  console.log(`the same rules as they stand:              ${share(equal)}`)
  console.log(`the same but for the differences below:    ${share(equal + explained)}\n`)
  console.log('| why they differ | stages | rules |\n| --- | --: | --- |')
  for (const { because, stages: count, ids } of reasons)
    console.log(`| ${because} | ${count} | ${ids.slice(0, 12).join(' ')}${ids.length > 12 ? ' …' : ''} |`)
  if (unexplained.length > 0) console.log(`\nnot explained: ${unexplained.length}`)
  for (const { title, onlyOurs, onlyTheirs } of unexplained.slice(0, Number(options.unexplained)))
    console.log(`  ${title}  only here: ${onlyOurs.join(' ')}  only there: ${onlyTheirs.join(' ')}`)
}
