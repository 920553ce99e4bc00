import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { Secret } from '@gateward/kernel'
import { z } from 'zod'

/** What a configuration may refer to outside of itself. */
export interface ReferenceScope {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths start from: the configuration file's own. */
  readonly directory: string
}

/**
 * Runs `parse` with secrets and paths resolved in `scope`. Schemas are constants and parsing is synchronous, so
 * the scope is set for exactly the length of the call and cannot be seen by any other.
 */
export function withReferences<Result>(scope: ReferenceScope, parse: () => Result): Result {
  const outer = current
  current = scope
  try {
    return parse()
  } finally {
    current = outer
  }
}

let current: ReferenceScope = { env: {}, directory: '.' }

/** A setting that names a file or folder; a relative path starts from the configuration file's folder. */
export function path() {
  return z
    .string()
    .min(1, { error: 'a path cannot be empty' })
    .meta({ 'x-form': 'path' })
    .transform(resolvePath)
}

/** A path as it is meant in the configuration that is being parsed: relative to its file's folder. */
export function resolvePath(text: string): string {
  return isAbsolute(text) ? text : join(current.directory, text)
}

/**
 * A setting whose value must not stand in the file: `env:NAME` or `file:/path`, read as a `Secret`. One line feed
 * at the end of a file is not part of the secret.
 */
export function secret() {
  return z
    .string()
    .meta({ 'x-form': 'secret' })
    .transform((text, context): Secret => {
      const reading = readSecret(text, current)
      if (reading.kind === 'secret') return reading.secret
      context.addIssue({ code: 'custom', message: reading.message, params: { fix: reading.fix } })
      return z.NEVER
    })
}

type SecretReading =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | { readonly kind: 'mistake'; readonly message: string; readonly fix: string }

// No message quotes the text: whoever wrote the secret itself here must not find it in a log.
function readSecret(text: string, scope: ReferenceScope): SecretReading {
  const colon = text.indexOf(':')
  const scheme = colon === -1 ? undefined : text.slice(0, colon)
  const rest = text.slice(colon + 1)
  if (scheme === 'env') return readVariable(rest, scope)
  if (scheme === 'file') return readSecretFile(rest, scope)
  return scheme === 'vault'
    ? mistake('unknown secret scheme vault:', 'write env:NAME or file:/path')
    : mistake('a secret cannot stand in the configuration itself', 'write env:NAME or file:/path')
}

function readVariable(name: string, scope: ReferenceScope): SecretReading {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name))
    return mistake('env: needs the name of an environment variable', 'write env:NAME')
  const value = scope.env[name]
  return value === undefined || value === ''
    ? mistake(`the environment variable ${name} is not set`, `set ${name} for the gateway's process`)
    : { kind: 'secret', secret: new Secret(value) }
}

const maximumSecretBytes = 64 * 1024

function readSecretFile(location: string, scope: ReferenceScope): SecretReading {
  const file = isAbsolute(location) ? location : join(scope.directory, location)
  try {
    const { size } = statRegularFile(file)
    if (size > maximumSecretBytes) return mistake(`${file} is larger than 64KB`, 'name the right file')
    const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    return value === ''
      ? mistake(`${file} is empty`, 'write the secret into it')
      : { kind: 'secret', secret: new Secret(value) }
  } catch (thrown) {
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'not a regular file'
    return mistake(`${file} cannot be read (${reason})`, 'make it readable for the gateway')
  }
}

// Opening a pipe would wait for ever.
function statRegularFile(file: string): { readonly size: number } {
  const stat = statSync(file)
  if (!stat.isFile()) throw new Error('not a regular file')
  return stat
}

function mistake(message: string, fix: string): SecretReading {
  return { kind: 'mistake', message, fix }
}
