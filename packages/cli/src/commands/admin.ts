import { openAccountTrail, roles, type Role } from '@gateward/gateway'
import { Option, type Command } from 'commander'
import { table } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { dataOptions, keyringOptions, type DataOptions } from './data-options.ts'

interface AdminOptions extends DataOptions {
  readonly json?: true
}

/** `gateward admin …`: the people of the admin address, for whoever can use this machine. */
export function addAdmin(program: Command, context: CommandContext): void {
  const admin = program.command('admin').description('let people in at the admin address')
  addInvite(admin, context)
  addAccounts(admin, context)
}

function addInvite(admin: Command, { output }: CommandContext): void {
  dataOptions(admin.command('invite'))
    .description('make a one-time link with which somebody makes an account; good for a day')
    .addOption(new Option('--role <role>', 'what they may do').choices([...roles]).default('admin'))
    .option('--json', 'the result as JSON')
    .action(async (options: AdminOptions & { role: Role }) => {
      await using accounts = await openAccountTrail(await keyringOptions(options))
      const { path, expiresAt } = await accounts.invite(options.role)
      const until = new Date(expiresAt).toISOString()
      if (options.json === true) output.out(JSON.stringify({ path, role: options.role, expiresAt: until }))
      else
        output.out(
          `Open this once, behind the admin address (https://localhost:9443 by default), until ${until.slice(0, 16).replace('T', ' ')} UTC:\n${path}`,
        )
    })
}

function addAccounts(admin: Command, { output }: CommandContext): void {
  dataOptions(admin.command('accounts'))
    .description('everybody who may log in')
    .option('--json', 'the result as JSON')
    .action(async (options: AdminOptions) => {
      await using accounts = await openAccountTrail(await keyringOptions(options))
      const all = await accounts.list()
      if (options.json === true) output.out(JSON.stringify(all))
      else if (all.length === 0) output.out('Nobody yet. Let somebody in: gateward admin invite --role admin')
      else
        output.out(
          table([
            ['ID', 'NAME', 'ROLE', 'STATE', 'SINCE'],
            ...all.map(({ id, name, role, enabled, createdAt }) => [
              id,
              name,
              role,
              enabled ? 'enabled' : 'disabled',
              createdAt.slice(0, 10),
            ]),
          ]),
        )
    })
}
