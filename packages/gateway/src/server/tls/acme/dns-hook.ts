import { execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Fault } from '@gateward/kernel'
import type { ChallengeResponder } from './challenge.ts'

/**
 * Proves names by a program of the operator's, run as `hook add|remove NAME VALUE` without a shell, which sets the TXT
 * record (RFC 8555 section 8.4).
 * @param settle milliseconds until every name server has a new record
 */
export function createDnsResponder(hook: string, settle: number): ChallengeResponder {
  return {
    async present({ hostName, keyAuthorization }) {
      await runHook(hook, 'add', hostName, keyAuthorization)
      await wait(settle)
    },
    withdraw: ({ hostName, keyAuthorization }) => runHook(hook, 'remove', hostName, keyAuthorization),
  }
}

async function runHook(hook: string, verb: 'add' | 'remove', hostName: string, value: string): Promise<void> {
  try {
    await run(hook, [verb, `_acme-challenge.${hostName}`, value], { timeout: patience, maxBuffer: 65_536 })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
    throw new Fault('CERTIFICATE_ORDER', `the DNS hook failed to ${verb} a record: ${reason}`, {
      source: 'gateway',
      cause,
    })
  }
}

const run = promisify(execFile)

/** Milliseconds that the program has. */
const patience = 120_000
