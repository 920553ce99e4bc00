import type { Command } from 'commander'
import { diagnose, type Finding } from '@gateward/gateway'
import { exitCode } from '../exit-code.ts'
import { nearby, wrappedTable } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { addServeOptions, toConfigurationRequest, type ServeOptions } from './serve-options.ts'

/** `gateward doctor`: looks at everything a gateway here would need, and says what to do about what is amiss. */
export function addDoctor(program: Command, { output, end }: CommandContext): void {
  addServeOptions(program.command('doctor'))
    .description('look at runtime, configuration, data, certificates, upstreams and token issuers')
    .option('--json', 'the findings as JSON')
    .action(async (options: ServeOptions & { json?: true }) => {
      const findings = await diagnose(toConfigurationRequest(options))
      if (options.json === true) output.out(JSON.stringify(findings))
      else
        output.out(
          wrappedTable(
            findings.map(({ state, subject, message, fix }) => [
              marks[state],
              subject,
              nearby(fix === undefined ? message : `${message}\n→ ${fix}`),
            ]),
            output.width,
          ),
        )
      end(toExitCode(findings))
    })
}

const marks = { well: 'ok  ', warning: 'warn', amiss: 'FAIL', unreachable: 'FAIL' } as const

function toExitCode(findings: readonly Finding[]) {
  if (findings.some(({ state }) => state === 'amiss')) return exitCode.invalid
  return findings.some(({ state }) => state === 'unreachable') ? exitCode.incomplete : exitCode.fine
}
