import { resolve } from 'node:path'
import type { OperatorContext } from './operator.ts'

/**
 * The lines of the data files that an argument names, with a space between names; relative names start at the rule file's folder.
 * Without white space around them, empty lines and comments. Undefined, with the mistake reported, where a file cannot be read.
 */
export function readDataLines(argument: string, context: OperatorContext): readonly string[] | undefined {
  const names = argument.split(/\s+/).filter((name) => name !== '')
  if (names.length === 0) {
    reportFile(context, 'no data file is named', 'write its name, relative to the rule file')
    return undefined
  }
  const files = names.map((name) => readLines(name, context))
  return files.every((lines) => lines !== undefined) ? files.flat() : undefined
}

function readLines(name: string, context: OperatorContext): string[] | undefined {
  if (/^[a-z]+:\/\//i.test(name)) {
    reportFile(context, `the data file ${name} is on another machine`, 'download it and name the local file')
    return undefined
  }
  const file = resolve(context.directory, name)
  try {
    return context
      .readData(file)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    reportFile(context, `the data file ${name} cannot be read: ${reason}`, 'put it beside the rule file')
    return undefined
  }
}

function reportFile(context: OperatorContext, message: string, fix: string): void {
  context.report({ code: 'data-file', severity: 'error', message, fix })
}
