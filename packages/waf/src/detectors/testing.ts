import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ByteString } from '../language/bytes.ts'
import { detectCrlf } from './crlf/detect-crlf.ts'
import type { Detector } from './detection.ts'
import { detectXss } from './html/detect-xss.ts'
import { detectLdapInjection } from './ldap/detect-ldap-injection.ts'
import { detectNoSqlOperator } from './nosql/detect-nosql-operator.ts'
import { detectPathTraversal } from './path/detect-path-traversal.ts'
import { detectPrototypePollution } from './prototype/detect-prototype-pollution.ts'
import { detectSerializedObject } from './serialized/detect-serialized-object.ts'
import { detectShellCommand } from './shell/detect-shell-command.ts'
import { detectSqlInjection } from './sql/detect-sql-injection.ts'
import { detectPrivateTarget } from './ssrf/detect-private-target.ts'
import { detectSsrfTarget } from './ssrf/detect-ssrf-target.ts'
import { detectTemplateExpression } from './template/detect-template-expression.ts'
import { detectXPathInjection } from './xpath/detect-xpath-injection.ts'

/** Every detector, by the name of the file of samples that it must find. */
export const detectorsBySample: Readonly<Record<string, Detector>> = {
  crlf: detectCrlf,
  'cross-site-scripting': detectXss,
  'ldap-injection': detectLdapInjection,
  'nosql-operator': detectNoSqlOperator,
  'path-traversal': detectPathTraversal,
  'private-target': detectPrivateTarget,
  'prototype-pollution': detectPrototypePollution,
  'serialized-object': detectSerializedObject,
  'shell-command': detectShellCommand,
  'sql-injection': detectSqlInjection,
  'ssrf-target': detectSsrfTarget,
  'template-expression': detectTemplateExpression,
  'xpath-injection': detectXPathInjection,
}

/** The lines of a file of samples, one value each, as bytes. */
export function readSamples(name: string): readonly ByteString[] {
  return linesOf(join(import.meta.dirname, 'samples', `${name}.txt`))
}

const sharedSamples = join(import.meta.dirname, '../../../../../shared/data/injection-samples')

/** Why a test over other people's samples is skipped: the message, or false where they are here. */
export const missingSharedSamples = existsSync(sharedSamples)
  ? false
  : 'shared/data/injection-samples is not beside the repository'

/** The values in files of samples by others: percent-encoded a line each, with remarks behind `#`. */
export function readSharedSamples(names: readonly string[]): readonly ByteString[] {
  return names
    .flatMap((name) => linesOf(join(sharedSamples, `${name}.txt`)))
    .filter((line) => !line.startsWith('#'))
    .map(decodeForm)
}

function linesOf(file: string): readonly ByteString[] {
  return readFileSync(file, 'latin1').split(/\r?\n/).filter(Boolean) as ByteString[]
}

function decodeForm(text: string): ByteString {
  return text
    .replaceAll('+', ' ')
    .replace(/%([\da-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ) as ByteString
}
