import type { ActionCall } from '../language/rule.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import type { Disruption } from './compiled-rule.ts'
import type { Reporter } from './reporter.ts'
import { argumentOf } from './rule-draft.ts'

const none: Disruption = { kind: 'none' }

/**
 * What a match does to the transaction: the rule's last disruptive action, where `block` means the one of its phase's defaults.
 *
 * @param last the actions of the last rule of its chain, which may name the status
 */
export function compileDisruption(
  actions: readonly ActionCall[],
  last: readonly ActionCall[],
  defaults: readonly ActionCall[],
  reporter: Reporter,
): Disruption {
  const own = actions.findLast(({ name }) => isDisruptive(name))
  const standard = defaults.findLast(({ name }) => isDisruptive(name) && name !== 'block')
  const action = own === undefined || own.name === 'block' ? standard : own
  const written =
    argumentOf(last, 'status') ?? argumentOf(actions, 'status') ?? argumentOf(defaults, 'status')
  const status = written === undefined ? undefined : Number(written)
  if (status !== undefined && !(Number.isInteger(status) && status >= 200 && status <= 599)) {
    reporter.refuse('bad-status', `"${written}" is no HTTP status`, 'write status:403')
  }
  switch (action?.name) {
    case 'deny':
    case 'drop':
      return { kind: 'deny', status: status ?? 403 }
    case 'redirect':
      return {
        kind: 'redirect',
        status: status !== undefined && status >= 300 && status < 400 ? status : 302,
        location: compileMacro(action.argument ?? ''),
      }
    case 'allow':
      return compileAllow(action.argument, reporter)
    default:
      return none
  }
}

function compileAllow(argument: string | undefined, reporter: Reporter): Disruption {
  const until = argument?.toLowerCase() ?? 'all'
  if (until === 'all' || until === 'phase' || until === 'request') return { kind: 'allow', until }
  reporter.refuse('bad-allow', `"${argument ?? ''}" is no span`, 'write allow, allow:phase or allow:request')
  return none
}

function isDisruptive(name: string): boolean {
  return (
    name === 'allow' ||
    name === 'block' ||
    name === 'deny' ||
    name === 'drop' ||
    name === 'pass' ||
    name === 'redirect'
  )
}
