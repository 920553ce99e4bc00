// `npm run bench:guards`: what one exchange costs in this process, guard by guard, without sockets, so that parts can be
// measured that the noise of a network hides. Options: --json, --rounds N, --only TEXT (of a subject's name).
import { parseArgs } from 'node:util'
import { measureExchange, type Measurement } from './measure-exchange.ts'
import { cores, runPinned } from './processes.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    // What a process of its own measures: the shapes of objects that one subject makes do not slow the next one down.
    subject: { type: 'string' },
    timed: { type: 'boolean', default: false },
  },
})

const subjects = ['off GET', 'off POST', 'key GET', 'key POST', 'token GET', 'token POST']

if (options.subject === undefined) await measureAll()
else
  console.log(JSON.stringify(await measureExchange(options.subject, Number(options.rounds), options.timed)))

async function measureAll(): Promise<void> {
  const results: Record<string, Measurement> = {}
  for (const subject of subjects.filter((name) => name.includes(options.only))) {
    const whole = await inOwnProcess(subject, [])
    const { parts } = await inOwnProcess(subject, ['--timed'])
    results[subject] = { ...whole, parts }
  }
  if (options.json) console.log(JSON.stringify(results))
  else print(results)
}

async function inOwnProcess(subject: string, more: readonly string[]): Promise<Measurement> {
  const own = ['--max-semi-space-size=64', 'benchmarks/guards.ts', '--subject', subject]
  const text = await runPinned(cores.measured, process.execPath, [
    ...own,
    '--rounds',
    options.rounds,
    ...more,
  ])
  return JSON.parse(text) as Measurement
}

function print(results: Readonly<Record<string, Measurement>>): void {
  const names = Object.keys(results)
  const parts = new Set(Object.values(results).flatMap((result) => result.parts.map(([name]) => name)))
  console.log(`| microseconds | ${names.join(' | ')} |`)
  console.log(`| --- |${' --: |'.repeat(names.length)}`)
  for (const part of parts) row(part, (result) => new Map(result.parts).get(part))
  row('whole exchange without sockets', ({ undisturbed }) => undisturbed)
  row('its processor time, with all that disturbs', ({ processor }) => processor)
  row('yardstick', ({ yardstick }) => yardstick)

  function row(name: string, cell: (result: Measurement) => number | undefined): void {
    const cells = names.map((subject) => cell(results[subject] as Measurement)?.toFixed(2) ?? '')
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
}
