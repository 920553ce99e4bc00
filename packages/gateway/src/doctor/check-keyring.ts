import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync } from 'node:fs'
import { relative } from 'node:path'
import { toFault, type Clock } from '@gateward/kernel'
import type { Configuration } from '../config/configuration.ts'
import { defaultKeyFile } from '../keyring/providers/key-file.ts'
import { openProvider } from '../keyring/providers/open-provider.ts'
import type { Finding } from './finding.ts'

/** Whether the key-encryption key can be had, and whether it lies where whoever copies the data has it too. */
export async function checkKeyring(
  { data, keyring }: Configuration,
  clock: Clock,
): Promise<readonly Finding[]> {
  const { provider } = keyring
  if (provider.kind !== 'file') return [await tryProvider({ data, keyring }, clock)]
  const file = provider.path ?? defaultKeyFile(data)
  if (!existsSync(file)) return [finding('well', `${file} is not there yet; the first start makes it`)]
  if ((lstatSync(file).mode & 0o077) !== 0)
    return [finding('amiss', `others than its owner can read ${file}`, `chmod 600 ${file}`)]
  if (relative(data, file).startsWith('..')) return [finding('well', `the key-encryption key is in ${file}`)]
  return [
    finding(
      'warning',
      'the key-encryption key lies in the data folder: whoever copies the folder can read what is sealed in it',
      'keep it elsewhere (keyring.provider.path), or in a secret store, Vault or a KMS, and save it: gateward keyring backup',
    ),
  ]
}

/** Wraps and unwraps something that nobody needs. */
async function tryProvider(
  { data, keyring }: Pick<Configuration, 'data' | 'keyring'>,
  clock: Clock,
): Promise<Finding> {
  try {
    const kek = await openProvider(keyring.provider, { data, known: [], mayCreate: false, clock })
    const probe = randomBytes(32)
    const context = 'gateward doctor'
    const whole = probe.equals(await kek.unwrap(await kek.wrap(probe, context), context))
    return whole
      ? finding('well', `${kek.id} wraps and unwraps`)
      : finding('amiss', `${kek.id} does not give back what it wrapped`, 'look at the provider')
  } catch (thrown) {
    const { code, message } = toFault(thrown)
    return code === 'KEK_UNAVAILABLE'
      ? finding(
          'unreachable',
          message,
          'see that it can be reached and used: without it the gateway does not start',
        )
      : finding('amiss', message, 'mend keyring.provider')
  }
}

function finding(state: Finding['state'], message: string, fix?: string): Finding {
  return { subject: 'keyring', state, message, fix }
}
