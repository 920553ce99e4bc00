// `npm test`: all checks, then every test.
import { runSteps } from './run-steps.ts'

const passed = await runSteps(
  [
    { name: 'checks', command: ['node', 'scripts/check.ts'] },
    { name: 'packages from Debian', command: ['node', 'scripts/debian-packages.ts'] },
    { name: 'tests', command: ['node', '--test', 'packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'] },
  ],
  { quiet: false },
)
process.exitCode = passed ? 0 : 1
