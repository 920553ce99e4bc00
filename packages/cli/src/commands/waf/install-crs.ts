import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { exitCode } from '../../exit-code.ts'
import { nearby, plural } from '../../output.ts'
import type { CommandContext } from '../../program.ts'
import { fetchBytes, FetchFailure, findRedirect } from '../../waf/fetch-bytes.ts'
import { installRelease, UntrustedRelease, type InstalledRelease } from '../../waf/install-release.ts'

interface InstallOptions {
  readonly release?: string
  readonly to?: string
  readonly from: string
  readonly key?: string
  readonly json?: true
}

/** Where the project publishes its releases and its key, and the fingerprint of that key. */
const releases = 'https://github.com/coreruleset/coreruleset/releases'
const keyUrl = 'https://coreruleset.org/security.asc'
const projectFingerprint = '36006F0E0BA167832158821138EEACA1AB8A6E72'

/** `gateward waf install-crs`: the OWASP Core Rule Set, once its signature is checked. */
export function addInstallCrs(waf: Command, { output, end }: CommandContext): void {
  waf
    .command('install-crs')
    .description('fetch a release of the OWASP Core Rule Set, check its signature and put it in place')
    .option('--release <version>', 'such as 4.28.0 (default: the latest)', toVersion)
    .option('--to <folder>', 'where it goes (default: ./crs/<version>)')
    .option('--from <url>', 'a mirror of the releases', releases)
    .option(
      '--key <file>',
      `the public key that must have signed (default: that of the project, ${projectFingerprint})`,
    )
    .option('--json', 'what was installed, as JSON')
    .action(async (options: InstallOptions) => {
      try {
        const version = options.release ?? (await latestRelease(options.from))
        output.err(`fetching ${version} from ${options.from} …`)
        const installed = await installRelease({
          version,
          from: options.from.replace(/\/+$/, ''),
          ...(await readKey(options.key)),
          to: resolve(options.to ?? join('crs', version)),
        })
        output.out(
          options.json === true ? JSON.stringify({ version, ...installed }) : tell(version, installed),
        )
        end(exitCode.fine)
      } catch (error) {
        if (!(error instanceof FetchFailure) && !(error instanceof UntrustedRelease)) throw error
        output.err(`gateward: ${error.message}`)
        end(error instanceof FetchFailure ? exitCode.incomplete : exitCode.invalid)
      }
    })
}

async function readKey(file: string | undefined): Promise<{ key: Buffer; fingerprint: string | undefined }> {
  if (file !== undefined) return { key: readFileSync(file), fingerprint: undefined }
  return { key: await fetchBytes(keyUrl, 1_048_576), fingerprint: projectFingerprint }
}

async function latestRelease(from: string): Promise<string> {
  const location = await findRedirect(`${from}/latest`)
  const version = /\/v(\d{1,4}(?:\.\d{1,4}){1,3})$/.exec(location ?? '')?.[1]
  if (version === undefined) throw new FetchFailure(`${from}/latest does not say which release is the latest`)
  return version
}

function tell(version: string, { load, rules, fingerprint }: InstalledRelease): string {
  return [
    `OWASP Core Rule Set ${version} · ${plural(rules, 'rule')} · signed by ${fingerprint}`,
    '',
    'To use it, in gateward.yaml:',
    `  guards: { waf: { mode: shadow, rules: [${nearby(load)}] } }`,
  ].join('\n')
}

function toVersion(text: string): string {
  if (/^\d{1,4}(?:\.\d{1,4}){1,3}$/.test(text)) return text
  throw new InvalidArgumentError('Write a version such as 4.28.0.')
}
