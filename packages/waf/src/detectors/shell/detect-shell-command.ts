import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstSigned } from '../first-match.ts'
import { sentenceEnd } from '../running-text.ts'
import { constructs, strongConstructs } from './constructs.ts'
import { commonCommands, idleAlone, informants, unmistakableCommands } from './commands.ts'
import { openingCommandAt } from './opening-command.ts'
import type { Command } from './read-command.ts'
import { readCommand, readWrapped, tellsAlone } from './read-command.ts'

/**
 * Finds a value that, put into a shell's command line, would run another command: a separator or substitution followed by
 * a command with the arguments that commands have, through every disguise that a shell takes off again.
 */
export function detectShellCommand(value: ByteString): Detection | undefined {
  if (!mayBeCommand.test(value) || script.test(value)) return undefined
  const found = firstSigned(value, constructs) ?? findCommand(value, value.length) ?? findOpening(value)
  const text = found === undefined || !value.includes(' ') ? -1 : sentenceEnd(value)
  return text === -1 ? found : findInText(value, text)
}

/** What is found in a value in which a sentence has been read at a place: before it anything, and behind it what no documentation shows. */
function findInText(value: string, text: number): Detection | undefined {
  return (
    firstSigned(value, strongConstructs) ??
    firstSigned(value.slice(0, text), constructs) ??
    findCommand(value, text) ??
    findOpening(value)
  )
}

/** No sentence can stand before a separator that opens a value. */
function findOpening(value: string): Detection | undefined {
  const at = openingCommandAt(value)
  return at === -1 ? undefined : detectionAt(value, at)
}

// A whole script, as those are who set up machines: it is handed on as a file.
const script = /^#!\s?\/\S{3,60}(?:\s\S{1,60})?\r?\n/

// A sign of the shell, or a command that says enough by itself.
const mayBeCommand =
  /[;|&`$<>\n\r(){}/\\%]|^\w{1,9}(?:['"]{2,4}|['"]\w{1,9}['"])\w|^\s{0,9}(?:whoami|expr|uname|which|sleep|timeout|net|netsh|netstat|perl|python[\d.]{0,4}|php|ruby|node|systeminfo|sysinfo|tasklist|if|ipconfig|ifconfig|ping(?:\.exe)?|ls|printenv|dir|reg|type|invoke-\w{3,12}|powershell(?:\.exe)?|pwsh|cmd(?:\.exe)?|lua|wmic|certutil|mshta)\b/i

const separator =
  /(?:\$\(|[<>]\(|\|\|?|&&?|;|`|[\n\r]|^['"](?=[a-z]{2,8}\s{1,4}\S{1,80}\s{1,4}#\s{0,4}$)|%0[aAdD]|\\[nr](?=[/\w])|!\s)/g

/** Looks behind every separator for a command; from `text` on, where a sentence has been read, for one that no documentation shows. */
function findCommand(value: string, text: number): Detection | undefined {
  if (startsDisguised(value)) return detectionAt(value, 0)
  separator.lastIndex = 0
  for (let found = separator.exec(value); found !== null; found = separator.exec(value)) {
    const start = found.index + found[0].length
    const command = readWrapped(value, start)
    if (command === undefined || !isRun(value, found.index, found[0], command)) continue
    if (found.index < text || isTelling(found[0], command)) return detectionAt(value, found.index)
  }
  return undefined
}

/** `w'h'o'am'i`: a command in pieces that stands for the whole argument. */
function startsDisguised(value: string): boolean {
  if (!/^\w{1,9}(?:['"\\^`]|\$[(@*])/.test(value)) return false
  const command = readCommand(value, 0)
  if (command?.disguised !== true || !endsHere(command.rest, '')) return false
  return tellsAlone(command.name)
}

/** Whether a command behind a sentence would tell what only an attacker asks for, or is where the value ends. */
function isTelling(sign: string, { name, rest }: Command): boolean {
  if (sign === '`' || sign === '\n' || sign === '\r') return false
  return telling.test(rest) || (askedFor.has(name) && /^(?:\s+-\w{1,4})?\s{0,4}(?:$|\)\s{0,4}$)/.test(rest))
}

const telling =
  /^\s[^\r\n]{0,40}\/(?:etc\/(?:passwd|shadow|sudoers)|proc\/self\/|root\/)|^\s{1,4}\d{1,3}\s{0,4}[;|&#]?\s{0,4}$/

/** What somebody asks for who finds out whether commands run. */
const askedFor: ReadonlySet<string> = new Set([
  'id',
  'whoami',
  'uname',
  'ifconfig',
  'ipconfig',
  'pwd',
  'ls',
  'dir',
  'env',
])

function isRun(value: string, at: number, sign: string, command: Command): boolean {
  const { name, rest } = command
  const common = commonCommands.has(name)
  if (!common && !unmistakableCommands.has(name)) return false
  // The place of work before a path or a volume, as documentation has it: $(pwd):/app
  if (name === 'pwd' && sign === '$(' && /^\)[:/"']/.test(rest)) return false
  if (name === 'sudo' && /^\W{0,4}$/.test(rest)) return false
  // The parts of a title and of a table: Downloads | Ruby   |Type|
  if (command.capital && sign === '|' && (command.spaced || /^\s{0,9}\|/.test(rest))) return false
  // The names of a list: content-type;host   (X11; U; Linux; nl; rv:1.9)
  if (idleAlone.has(name) && !command.disguised && /^\s{0,9}(?:$|[;|,)]|&[\w-]{1,40}=)/.test(rest))
    return false
  if (/^\s*[=:[.]|^\s*\((?!\))|^\s+(?:is|are|was|and|or|the|to|of|for|in)\b/.test(rest)) return false
  // &copy; is a character of HTML.
  if (sign === '&' && rest.startsWith(';') && !command.spaced) return false
  if (command.disguised) return true
  if (writesToFile(rest) && (!common || !command.spaced || sign === '$(')) return true
  if (name === 'expr' && /^[\s+]{1,9}\d{1,15}[\s+]{1,9}[-+*\\%]/.test(rest)) return true
  // Nothing stands before it: a list of words would have one there.
  if (at === 0 && !command.spaced && opensValue.has(sign) && takesWords(rest, common))
    return sign !== '`' || isSubstitution(value, at)
  // A new line begins sentences and lists; code in backticks is how prose quotes it.
  if (sign === '\n' || sign === '\r')
    return (
      (takesArguments(name, rest) ||
        (at === 0 ? endsHere(rest, sign) : informants.has(name) && goesOn.test(rest))) &&
      isFirstLine(value, at)
    )
  if (sign.startsWith('\\'))
    return at < 2 && (takesArguments(name, rest) || takesOneWord(rest) || endsHere(rest, sign))
  if (sign === '`')
    return (
      isSubstitution(value, at) &&
      (!common || informants.has(name) || takesArguments(name, rest) || takesWords(rest, true))
    )
  if (restOfLineIsDropped.test(rest)) return true
  if (takesArguments(name, rest) || (name === 'echo' && takesOneWord(rest))) return true
  const weak = command.spaced && (sign === ';' || sign === '&' || sign === '|')
  if (common && weak)
    return (
      informants.has(name) &&
      endsHere(rest, sign) &&
      /^[^\s]*\s*$/.test(value.slice(Math.max(0, at - 80), at))
    )
  if (!common && takesOneWord(rest)) return true
  return endsHere(rest, sign) && (!common || informants.has(name) || (sign !== '&' && name.length < 5))
}

/** A separator of commands. */
const goesOn = /^\s{0,4}[;|&]/

const opensValue: ReadonlySet<string> = new Set([';', '|', '||', '&&', '`', '$('])

/** A few plain words, and then the end or another separator; one of them is a name of a host or a file where prose has the command too. */
function takesWords(rest: string, common: boolean): boolean {
  const words = /^(?:[\s+]{1,9}[\w.(@:/-]{1,80}){1,3}[\s+]{0,9}(?=$|[;|&#`'")])/.exec(rest)?.[0]
  return words !== undefined && (!common || /\w[./@]\w|\w:/.test(words))
}

/** `> file`, right behind the command or behind what it would write there. */
function writesToFile(rest: string): boolean {
  return /^(?:[\s+]{1,9}[\w"'.*$@=-]{1,40}){0,2}[\s+]{0,9}>{1,2}[\s+]{0,9}[\w$\\{~-]{0,40}[./\\][\w.$/\\-]/.test(
    rest,
  )
}

/** A comment to the end of the line behind one argument: that is of use to a shell alone. */
const restOfLineIsDropped =
  /^\s{1,9}\S{1,80}\s{1,9}(?:#|&\s{0,9}rem\b)\s{0,9}$|^\s{0,9}(?:>\s{0,9}\w{1,40}\s{0,9})?&\s{0,9}rem\b/

/** Whether a line break is the first of the value, right behind one word: `name\nid`, not a letter of several lines. */
function isFirstLine(value: string, at: number): boolean {
  return at < 80 && !value.startsWith('```') && !/[\s]/.test(value.slice(0, at))
}

/** One plain word, and then the end or another separator: `nslookup evil.example`. */
function takesOneWord(rest: string): boolean {
  return /^[\s+]{1,9}[\w.(@:/-]{1,80}\s{0,9}(?:$|[;|&#`'")])/.test(rest)
}

/** An option, a path, an address, an expansion, a redirection: what follows a command and not a noun. */
function takesArguments(name: string, rest: string): boolean {
  if (name === 'ps' && /^\s{1,9}(?:aux\w?|-?ef)\b/.test(rest)) return true
  if (name === 'net' && /^\s{1,9}(?:user|view|localgroup|share|use)\b/.test(rest)) return true
  if (name === 'reg' && /^\s{1,9}(?:add|query|delete|save|export)\b/i.test(rest)) return true
  if (name === 'netsh' && /^\s{1,9}(?:advfirewall|firewall|interface|wlan)\b/i.test(rest)) return true
  return /^[\s+]{1,9}(?:-{1,2}[\w?]|["']?(?:\/|\.{1,2}\/|~|\$|[A-Za-z]:(?:[\\/]|[\s+"]|$)|%\w{1,20}%|https?:|\*)|\d{1,3}(?:\.\d{1,3}){3}|\d{1,5}(?:\s{0,9}(?:[;|&#'"`)]|$))|[\w-]{1,40}\.(?:php|txt|sh|py|exe|com|net|org|ini|conf|log|xml|json|html?)\b|\/[a-z?]\b|["'])/.test(
    rest,
  )
}

/** Nothing but what closes a substitution, a literal or the line follows. */
function endsHere(rest: string, sign: string): boolean {
  return sign === '$('
    ? /^\s{0,9}\)/.test(rest)
    : /^\s{0,9}(?:$|[;|&#`'")\n\r\0]|%0[0ad]|\\[nr0]|\/\/)/i.test(rest)
}

/** Whether a backtick opens a substitution in a value, rather than a piece of code that prose or a fence quotes. */
function isSubstitution(value: string, at: number): boolean {
  const close = value.slice(at + 1, at + longestSubstitution).indexOf('`')
  if (close <= 0 || value[at - 1] === '`') return false
  const before = value.slice(Math.max(0, at - 80), at)
  const after = value.slice(at + close + 2, at + close + 80)
  // Of its own line, below others: a page of documentation.
  if (at > 20 && before.endsWith('\n') && /^(?:\r?\n|$)/.test(after)) return false
  return !word.test(before) && !/\s(?:[A-Za-z]{2}|[\x80-\xff]{2})/.test(after)
}

const word = /(?:[A-Za-z]{2,}|[\x80-\xff]{2,})[\s:]/
const longestSubstitution = 300
