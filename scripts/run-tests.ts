import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runStep, tellStep, type EndedStep, type Step } from './run-steps.ts'

/** How many tests there were, and what became of them. */
interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * How many processes share the unit tests. Much of their time is waiting (for a deadline, a retry), so there are more of
 * them than processors.
 */
const shards = 4

/**
 * The tests that stand beside the code. A process of each file would spend most of its time on loading what the one before
 * had loaded, so the files of a shard have one together; each opens and closes what it needs.
 */
export const unitTests: readonly Step[] = Array.from({ length: shards }, (_, index) => ({
  name: `unit tests, part ${index + 1} of ${shards}`,
  command: [
    'node',
    '--test',
    '--test-isolation=none',
    ...process.argv.slice(2),
    `--test-shard=${index + 1}/${shards}`,
    'packages/*/src/**/*.test.ts',
  ],
}))

/** What waits for another program for most of its time, and so can run beside the others. */
const patient = ['tests/testssl.test.ts']

/** The tests of the whole gateway, a process each and one after the other; and beside them what only waits. */
export const wholeTests: readonly Step[] = [
  {
    name: 'the whole gateway',
    command: [
      'node',
      '--test',
      ...readdirSync(fileURLToPath(new URL('../tests', import.meta.url)))
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `tests/${name}`)
        .filter((name) => !patient.includes(name)),
    ],
  },
  { name: 'TLS as an auditor sees it', command: ['node', '--test', ...patient] },
]

/** Runs steps of tests at the same time, and shows of each its summary, which names what failed and what was skipped. */
export async function runTests(steps: readonly Step[]): Promise<readonly EndedStep[]> {
  // What was compiled for one process is there for the next one.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
    new URL('../node_modules/.cache/compiled-tests', import.meta.url),
  )
  return await Promise.all(
    steps.map(async (step) => {
      const ended = await runStep(step, true)
      tellStep(ended)
      console.log(summaryOf(ended.output))
      return ended
    }),
  )
}

/** Adds up what the runs of the test runner say at their ends. */
function countTests(steps: readonly EndedStep[]): TestCounts {
  const sum = (word: string): number =>
    steps
      .flatMap(({ output }) => [...output.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'))])
      .reduce((total, [, count]) => total + Number(count), 0)
  return { passed: sum('pass'), failed: sum('fail') + sum('cancelled'), skipped: sum('skipped') }
}

/** Tells them in a line, and whether all is well. */
export function tellTests(steps: readonly EndedStep[]): boolean {
  const { passed, failed, skipped } = countTests(steps)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 && passed > 0 && steps.every(({ code }) => code === 0)
}

// The spec reporter ends with counts and, again, with what failed; a run that broke before that is shown whole.
function summaryOf(output: string): string {
  const end = output.lastIndexOf('\nℹ tests ')
  const skipped = output.match(/^ *﹣ .*$/gm) ?? []
  return end === -1 ? output : [...skipped, output.slice(end + 1).trimEnd()].join('\n')
}
