import { Command } from 'commander'
import { addAlerts } from './commands/alerts.ts'
import { addAdmin } from './commands/admin.ts'
import { addAudit } from './commands/audit.ts'
import { addAnomalies } from './commands/anomalies.ts'
import { addCheck } from './commands/check.ts'
import { addConfig } from './commands/config.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExplain } from './commands/explain.ts'
import { addFields } from './commands/fields.ts'
import { addKeyring } from './commands/keyring.ts'
import { addKeys } from './commands/keys.ts'
import { addServe } from './commands/serve.ts'
import { addVersions } from './commands/versions.ts'
import { addWaf } from './commands/waf/add-waf.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { Output } from './output.ts'
import { tellError } from './tell-error.ts'
import { version } from './version.ts'

/** What a command's action reports: how it ended. Commands that go on (a server) end when they are stopped. */
export interface CommandContext {
  readonly output: Output
  readonly end: (code: ExitCode) => void
}

/** The whole command line: every command, its options and its help. */
export function createProgram(output: Output): { run(words: readonly string[]): Promise<ExitCode> } {
  const program = new Command('gateward')
    .description('A keeper for the gate of your HTTP API: one process, one command.')
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('Try gateward --help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text.trimEnd()),
      getOutHelpWidth: () => output.width,
      getErrHelpWidth: () => output.width,
    })
  let ended: ExitCode = exitCode.fine
  const context: CommandContext = { output, end: (code) => (ended = code) }
  for (const add of [
    addServe,
    addDemo,
    addCheck,
    addKeys,
    addKeyring,
    addAdmin,
    addAudit,
    addAlerts,
    addAnomalies,
    addExplain,
    addDoctor,
    addConfig,
    addFields,
    addVersions,
    addWaf,
  ])
    add(program, context)
  for (const command of program.commands) inheritErrors(command, 'gateward')
  return {
    async run(words) {
      try {
        await program.parseAsync(words, { from: 'user' })
        return ended
      } catch (error) {
        return tellError(error, output)
      }
    },
  }
}

function inheritErrors(command: Command, before: string): void {
  const words = `${before} ${command.name()}`
  command.exitOverride().showHelpAfterError(`Try ${words} --help`)
  for (const inner of command.commands) inheritErrors(inner, words)
}
