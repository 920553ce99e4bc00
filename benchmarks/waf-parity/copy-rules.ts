import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Copies a rule set, for both engines, without `noauditlog`: libmodsecurity then writes nothing at all of a match, not even into the
 * error log, by which the engines are compared.
 *
 * @returns the folder of the copy
 */
export function copyRules(from: string, to: string): string {
  mkdirSync(to)
  for (const file of globSync(join(from, '*.data'))) copyFileSync(file, join(to, basename(file)))
  for (const file of globSync(join(from, '*.conf'))) {
    const text = readFileSync(file, 'latin1').replace(/^[ \t]*noauditlog,\\\n/gm, '')
    writeFileSync(join(to, basename(file)), text, 'latin1')
  }
  return to
}
