import type { Command } from 'commander'
import type { CommandContext } from '../../program.ts'
import { addProfile } from './profile.ts'
import { addTry } from './try.ts'
import { addTune } from './tune.ts'
import { addWafExplain } from './explain.ts'
import { addInstallCrs } from './install-crs.ts'

/** `gateward waf …`: rules tried, measured, explained, tuned and fetched. */
export function addWaf(program: Command, context: CommandContext): void {
  const waf = program
    .command('waf')
    .description('try, tune and measure the rules of the web application firewall')
  addTry(waf, context)
  addWafExplain(waf, context)
  addProfile(waf, context)
  addTune(waf, context)
  addInstallCrs(waf, context)
}
