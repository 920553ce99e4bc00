import { exitCode } from './exit-code.ts'
import { terminal } from './output.ts'
import { createProgram } from './program.ts'

// A last resort for what no command caught: told in one line, without a stack for people who did not write it.
process.on('uncaughtException', (error) => {
  process.stderr.write(`gateward: ${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['GATEWARD_DEBUG'] !== undefined) process.stderr.write(`${error.stack ?? ''}\n`)
  process.exit(exitCode.fault)
})

process.exitCode = await createProgram(terminal).run(process.argv.slice(2))
