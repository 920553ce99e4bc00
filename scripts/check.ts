// Everything that needs no running program: format, lint with the import rules, types, generated files, dead code.
import { runSteps } from './run-steps.ts'

const passed = await runSteps(
  [
    { name: 'format', command: ['prettier', '--check', '.', '--cache', '--log-level', 'warn'] },
    { name: 'lint', command: ['oxlint', '--deny-warnings'] },
    { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
    { name: 'types of the dashboard', command: ['tsc', '--noEmit', '-p', 'packages/dashboard'] },
    { name: 'generated files', command: ['node', 'scripts/generate.ts', '--check'] },
    { name: 'dead code', command: ['knip', '--no-progress'] },
  ],
  { quiet: true },
)
process.exitCode = passed ? 0 : 1
