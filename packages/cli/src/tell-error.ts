import { PortFailure } from '@gateward/gateway'
import { DiagnosticError } from '@gateward/kernel'
import { CommanderError } from 'commander'
import { exitCode, type ExitCode } from './exit-code.ts'
import { plural, type Output } from './output.ts'
import { describeFileError } from './describe-file-error.ts'
import { tellDiagnostics } from './tell-diagnostics.ts'
import { UsageError } from './usage-error.ts'

/** Tells whatever ended a command, and gives the code to exit with. */
export function tellError(error: unknown, output: Output): ExitCode {
  // Commander has told it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage
  if (error instanceof UsageError) {
    output.err(`error: ${error.message}\n${error.way}`)
    return exitCode.usage
  }
  if (error instanceof DiagnosticError) return tellMistakes(error, output)
  if (error instanceof PortFailure) {
    output.err(`gateward: ${error.message}: ${waysOut[error.reason](options[error.listener])}`)
    return exitCode.incomplete
  }
  output.err(
    `gateward: ${describeFileError(error) ?? (error instanceof Error ? error.message : String(error))}`,
  )
  if (process.env['GATEWARD_DEBUG'] !== undefined && error instanceof Error) output.err(error.stack ?? '')
  return exitCode.fault
}

function tellMistakes({ diagnostics }: DiagnosticError, output: Output): ExitCode {
  output.err(tellDiagnostics(diagnostics, { width: output.width, limit: 50 }))
  if (diagnostics.every(({ code }) => code === 'command-line')) return exitCode.usage
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  if (errors > 1) output.err(`${plural(errors, 'error')} · nothing was loaded`)
  return exitCode.invalid
}

const options = { https: '--port', http: 'listen.http.port', admin: '--admin-port' } as const

const waysOut: Readonly<Record<PortFailure['reason'], (option: string) => string>> = {
  taken: (option) => `stop what listens there, or choose another with ${option}`,
  forbidden: (option) => `choose one from 1024 on with ${option}, or allow this user lower ones`,
  'no-such-address': () => 'this machine does not have that address; name one of its own, or 0.0.0.0 for all',
  other: (option) => `choose another with ${option}`,
}
