import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Configuration } from '../config/configuration.ts'
import type { Finding } from './finding.ts'

/** Whether the data folder can be used, and its secrets are its owner's alone. */
export async function checkData({ data }: Configuration): Promise<readonly Finding[]> {
  const found = await stat(data).catch(() => undefined)
  if (found === undefined) return [finding('well', `${data} is not there yet; the first start makes it`)]
  if (!(await isUsable(data)))
    return [finding('amiss', `${data} cannot be written`, 'give it to the user that runs the gateway')]
  const pepper = join(data, 'keyring', 'pepper')
  const mode = (await stat(pepper).catch(() => undefined))?.mode ?? 0
  if ((mode & 0o077) !== 0)
    return [finding('amiss', 'others than its owner can read keyring/pepper', `chmod 600 ${pepper}`)]
  return [finding('well', data)]
}

function isUsable(folder: string): Promise<boolean> {
  return access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
}

function finding(state: Finding['state'], message: string, fix?: string): Finding {
  return { subject: 'data', state, message, fix }
}
