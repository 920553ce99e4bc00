import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { size } from '../../settings/units.ts'

const action = z.enum(['off', 'report', 'block'])
type Action = z.infer<typeof action>

/** What happens when an answer shows each kind of inside; `block` puts the generic problem in its place. */
function leakActions(defaults: Record<'secrets' | 'paths' | 'addresses', Action>) {
  return z
    .strictObject({
      stackTraces: action
        .default('block')
        .describe('JavaScript, Java, Python, .NET, PHP, Ruby, Go and Rust traces.'),
      sqlErrors: action
        .default('block')
        .describe('Messages of MySQL, PostgreSQL, SQL Server, Oracle, SQLite, MongoDB.'),
      privateKeys: action.default('block').describe('Private keys in PEM.'),
      secrets: action
        .default(defaults.secrets)
        .describe('Keys and tokens of well-known services; connection strings with a password.'),
      paths: action.default(defaults.paths).describe('Absolute paths of sources and system files.'),
      addresses: action
        .default(defaults.addresses)
        .describe('Private addresses with a port, and names that only an internal resolver knows.'),
    })
    .prefault({})
}

/** The settings of the leakage guard. */
export const leakageSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  undeclared: z
    .enum(['report', 'strip', 'block'])
    .default('strip')
    .describe(
      'What happens to answer properties that the contract does not declare, or keeps from the caller. ' +
        'With strip and block, a success whose status declares other media types than that of its body is refused; what else has nothing to strip by is stopped by `block` alone.',
    ),
  failures: z
    .enum(['replace', 'report'])
    .default('replace')
    .describe('Whether bodies of the 5xx answers of services give way to the generic problem.'),
  inErrors: leakActions({ secrets: 'block', paths: 'block', addresses: 'block' }).describe(
    'What answers from 400 on may not show.',
  ),
  inSuccesses: leakActions({ secrets: 'report', paths: 'off', addresses: 'report' }).describe(
    'What answers below 400 may not show; their content is often text that people wrote.',
  ),
  scan: size('256KB').describe('How much of an answer is looked through for leaks, from its beginning.'),
})

export type LeakageSettings = z.infer<typeof leakageSettings>
