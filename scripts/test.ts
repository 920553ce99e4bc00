// `npm test`: all checks, then every test.
import { runSteps } from './run-steps.ts'
import { runTests, tellTests, unitTests, wholeTests } from './run-tests.ts'

const isReady = await runSteps(
  [
    { name: 'checks', command: ['node', 'scripts/check.ts'] },
    { name: 'packages from Debian', command: ['node', 'scripts/debian-packages.ts'] },
  ],
  { quiet: false },
)
const ended = isReady ? [...(await runTests(unitTests)), ...(await runTests(wholeTests))] : []
process.exitCode = isReady && tellTests(ended) ? 0 : 1
