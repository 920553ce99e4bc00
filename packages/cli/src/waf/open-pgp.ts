import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const deadline = 60_000

/** What came of checking a detached OpenPGP signature. */
export type SignatureCheck =
  | { readonly kind: 'good'; readonly fingerprint: string }
  /** Not by this key, not of these bytes, or by a key that is no longer good. */
  | { readonly kind: 'bad'; readonly reason: string }
  /** There is no GnuPG on this machine. */
  | { readonly kind: 'unavailable' }

/**
 * Checks a detached signature with GnuPG in a keyring of its own, which holds the one key given and is thrown away: no key that
 * happens to be on this machine can vouch for anything.
 * @param key the public key, armored or not
 * @param fingerprint of the primary key that must have signed, upper-case hexadecimal; `undefined`: the one key in `key`
 */
export async function checkSignature(
  file: string,
  signature: Buffer,
  key: Buffer,
  fingerprint: string | undefined,
): Promise<SignatureCheck> {
  const home = await mkdtemp(join(tmpdir(), 'gateward-pgp-'))
  try {
    const [keyFile, signatureFile] = [join(home, 'key'), join(home, 'signature')]
    await writeFile(keyFile, key)
    await writeFile(signatureFile, signature)
    await gpg(home, '--import', keyFile)
    const known = fingerprintsOf(await gpg(home, '--with-colons', '--list-keys'))
    const [only] = known
    if (only === undefined || known.length > 1) return bad(`it holds ${known.length} keys instead of one`)
    if (fingerprint !== undefined && only !== fingerprint)
      return bad(`the key is ${only}, not ${fingerprint}`)
    return readStatus(await gpg(home, '--status-fd', '1', '--verify', signatureFile, file), only)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'unavailable' }
    return bad(reasonOf(error))
  } finally {
    await run('gpgconf', ['--homedir', home, '--kill', 'all'], { timeout: deadline }).catch(() => undefined)
    await rm(home, { recursive: true, force: true })
  }
}

async function gpg(home: string, ...words: readonly string[]): Promise<string> {
  const options = ['--homedir', home, '--batch', '--no-tty', '--no-autostart', '--no-auto-key-retrieve']
  const { stdout } = await run('gpg', [...options, ...words], { timeout: deadline, maxBuffer: 1_048_576 })
  return stdout
}

/** The fingerprint behind each primary key (GnuPG's doc/DETAILS: `pub`, then its `fpr`). */
function fingerprintsOf(listing: string): readonly string[] {
  const lines = listing.split('\n')
  return lines.flatMap((line, index) => {
    if (!line.startsWith('pub:')) return []
    const found = lines.slice(index).find((next) => next.startsWith('fpr:'))
    return found?.split(':')[9] ?? []
  })
}

/** `VALIDSIG` names the primary key last, and is there for good signatures alone; expired and revoked keys have lines of their own. */
function readStatus(status: string, fingerprint: string): SignatureCheck {
  const words = status.split('\n').map((line) => line.replace('[GNUPG:] ', '').split(' '))
  const valid = words.find(([name]) => name === 'VALIDSIG')
  const good = words.some(([name]) => name === 'GOODSIG')
  if (valid === undefined || !good) return bad('the signature is not good')
  return valid.at(-1) === fingerprint ? { kind: 'good', fingerprint } : bad('another key has signed')
}

function reasonOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
  const status = /\[GNUPG:\] (BADSIG|ERRSIG|EXPKEYSIG|REVKEYSIG|EXPSIG|NODATA)/.exec(stdout)?.[1]
  if (status !== undefined) return reasons[status] ?? status
  return stderr.trim().split('\n').at(-1) ?? (error instanceof Error ? error.message : String(error))
}

const reasons: Readonly<Record<string, string>> = {
  BADSIG: 'the signature is not of these bytes',
  ERRSIG: 'another key has signed',
  EXPKEYSIG: 'the key has expired',
  REVKEYSIG: 'the key was revoked',
  EXPSIG: 'the signature has expired',
  NODATA: 'it is no signature',
}

function bad(reason: string): SignatureCheck {
  return { kind: 'bad', reason }
}
