import { setFlagsFromString } from 'node:v8'
import { exitCode } from './exit-code.ts'
import { terminal } from './output.ts'
import { createProgram } from './program.ts'

// V8 puts what lived long at first into the old generation ever after. Rules and configurations live long, and much of what an exchange
// is made of is made by the same code: without this the old generation is collected every few seconds, and a busy gateway is half again
// as slow for as long as that takes.
setFlagsFromString('--no-allocation-site-pretenuring')

// A last resort for what no command caught: told in one line, without a stack for people who did not write it.
process.on('uncaughtException', (error) => {
  process.stderr.write(`gateward: ${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['GATEWARD_DEBUG'] !== undefined) process.stderr.write(`${error.stack ?? ''}\n`)
  process.exit(exitCode.fault)
})

process.exitCode = await createProgram(terminal).run(process.argv.slice(2))
