import { informants, unmistakableCommands } from './commands.ts'

/** The command at a place, or the one that it is told to run: `eval id`. */
export function readWrapped(value: string, start: number): Command | undefined {
  const command = readCommand(value, start)
  if (command === undefined || !wrappers.has(command.name)) return command
  const inner = readCommand(command.rest, 0)
  if (inner === undefined || !inner.spaced || !tellsAlone(inner.name)) return command
  return { ...inner, spaced: command.spaced }
}

const wrappers: ReadonlySet<string> = new Set(['eval', 'exec', 'command', 'nohup', 'builtin'])

/** Whether a name is enough to know a command by, also without arguments. */
export function tellsAlone(name: string): boolean {
  return unmistakableCommands.has(name) || informants.has(name)
}

/** A command as a shell would read it. */
export interface Command {
  /** Lower case, without quotes, backslashes, carets and the folder before it. */
  readonly name: string
  /** Whether any of those had to be taken off inside the name. */
  readonly disguised: boolean
  /** What follows the name, up to 80 characters. */
  readonly rest: string
  /** Whether white space stands before it. */
  readonly spaced: boolean
  /** Whether it is written as a name is: a capital, then small letters. */
  readonly capital: boolean
}

const prefix = /[\s+('"]{0,9}(?:[A-Za-z_]\w{0,20}=\S{0,40}\s{1,9}){0,2}/y
const rawName =
  /(?:[\w.\-/~]|(?!\\[nr](?:\W|$))['"\\^](?=[\w'"\\^/])|\$[@*](?=\w)|(?<=\w)(?:\$\(\)|``)(?=\w)){1,64}/y

/** The command at a place; undefined where none can stand. */
export function readCommand(value: string, start: number): Command | undefined {
  prefix.lastIndex = start
  const before = prefix.exec(value)?.[0] ?? ''
  rawName.lastIndex = start + before.length
  const raw = rawName.exec(value)?.[0]
  if (raw === undefined) return undefined
  const plain = raw.replace(/['"\\^]|\$[@*]|\$\(\)|``/g, '')
  const name = plain.slice(plain.lastIndexOf('/') + 1).toLowerCase()
  const at = rawName.lastIndex
  return {
    name,
    disguised: plain !== raw && !/^['"]|['"]$/.test(raw) && /[\\^$`]|(['"])\1|\w(['"])\w*\2\w/.test(raw),
    rest: value.slice(at, at + 80),
    spaced: /\s/.test(before),
    capital: /^[A-Z][a-z]+$/.test(raw),
  }
}
