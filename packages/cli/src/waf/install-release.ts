import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createWaf } from '@gateward/waf'
import { DiagnosticError } from '@gateward/kernel'
import { UsageError } from '../usage-error.ts'
import { fetchBytes } from './fetch-bytes.ts'
import { checkSignature } from './open-pgp.ts'

const run = promisify(execFile)

/** Where a release of the Core Rule Set comes from and goes to. */
export interface ReleaseOrder {
  readonly version: string
  /** Before `/download/v<version>/…`. */
  readonly from: string
  readonly key: Buffer
  /** `undefined`: whatever key the caller named. */
  readonly fingerprint: string | undefined
  /** The folder that the release becomes; it must not exist. */
  readonly to: string
}

/** An installed release. */
export interface InstalledRelease {
  /** The file to name in `guards.waf.rules`. */
  readonly load: string
  readonly rules: number
  readonly fingerprint: string
}

/** A release that is not installed because nothing vouches for it. */
export class UntrustedRelease extends Error {
  override readonly name = 'UntrustedRelease'
}

const longestArchive = 64 * 1_048_576
const longestSignature = 65_536

/** Fetches a release, checks its signature and its rules, and only then puts it in place, whole. */
export async function installRelease(order: ReleaseOrder): Promise<InstalledRelease> {
  if (existsSync(order.to))
    throw new UsageError(`${order.to} is there already`, 'Name another folder with --to, or remove it.')
  const parent = dirname(order.to)
  await mkdir(parent, { recursive: true })
  const work = await mkdtemp(join(parent, '.crs-'))
  try {
    const fingerprint = await fetchSigned(order, work)
    const release = await unpack(work)
    const rules = await checkRules(release)
    await rename(release, order.to)
    return { load: join(order.to, 'crs.load'), rules, fingerprint }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetchSigned({ from, version, key, fingerprint }: ReleaseOrder, work: string): Promise<string> {
  const url = `${from}/download/v${version}/coreruleset-${version}-minimal.tar.gz`
  const archive = join(work, 'archive.tar.gz')
  await writeFile(archive, await fetchBytes(url, longestArchive))
  const check = await checkSignature(
    archive,
    await fetchBytes(`${url}.asc`, longestSignature),
    key,
    fingerprint,
  )
  if (check.kind === 'good') return check.fingerprint
  throw new UntrustedRelease(
    check.kind === 'unavailable'
      ? 'the signature cannot be checked: there is no gpg on this machine. Install GnuPG (Debian: apt-get install gnupg)'
      : `nothing vouches for ${url}: ${check.reason}. Nothing was installed`,
  )
}

/** What is unpacked here was signed; the archive's names still stay below the folder, as tar sees to by default. */
async function unpack(work: string): Promise<string> {
  const folder = join(work, 'release')
  await mkdir(folder)
  await run('tar', [
    '-xzf',
    join(work, 'archive.tar.gz'),
    '-C',
    folder,
    '--no-same-owner',
    '--no-same-permissions',
  ])
  const [only, ...others] = await readdir(folder)
  const release = only !== undefined && others.length === 0 ? join(folder, only) : folder
  await copyFile(join(release, 'crs-setup.conf.example'), join(release, 'crs-setup.conf'))
  await writeFile(
    join(release, 'crs.load'),
    '# The rules in the order in which they are read; settings stand in crs-setup.conf.\nInclude crs-setup.conf\nInclude rules/*.conf\n',
  )
  return release
}

async function checkRules(release: string): Promise<number> {
  const { waf, diagnostics } = await createWaf({ rules: [join(release, 'crs.load')] })
  if (waf === undefined) throw new DiagnosticError(diagnostics)
  return waf.rules
}
