import { windowsCommands } from './commands.ts'

/**
 * Where a separator opens a value, or stands right behind the one word that the value was meant to be, and a line follows that has the
 * form of a command's call: a name, then an option, a path, an address or a redirection. No list of commands is asked, since every
 * program of a machine can be called so; what keeps text out is the place. -1 where there is none.
 */
export function openingCommandAt(value: string): number {
  const opening = separatorBehindWord.exec(value)
  if (opening === null) return -1
  const sign = opening[2] ?? ''
  const at = opening[1]?.length ?? 0
  if (isTableRow.test(value) || (sign === '&' && wordBeforeAmpersand.test(opening[1] ?? ''))) return -1
  // A second line begins many texts: only behind what is no word of one, and where no third follows.
  if (/[\r\n]/.test(sign) && !(isOneLine(value, opening[0].length) && noWordOfText.test(opening[1] ?? '')))
    return -1
  const line = value.slice(opening[0].length, opening[0].length + longestCall)
  return isCall(line) ? at : -1
}

const separatorBehindWord =
  /^([^\s;|&`$<>]{0,80}['"]?[ \t]{0,2})(\|\||&&|[;|&]|\$\(|[\r\n]{1,4})[ \t]{0,4}(?=[\w."'\\/%])/
const isTableRow = /^\s{0,4}\|.*\|\s{0,4}$/s
/** Bread & butter. */
const wordBeforeAmpersand = /[A-Za-z\x80-\xff] $/
const noWordOfText = /^$|[\d.'")\]]\s{0,2}$/
const longestCall = 400

function isOneLine(value: string, from: number): boolean {
  return !/[\r\n]/.test(value.slice(from).trimEnd())
}

function isCall(line: string): boolean {
  return (
    executable.test(line) ||
    cmdlet.test(line) ||
    programOfPath.test(line) ||
    (call.test(line) && !wordOfText.test(line)) ||
    isCallOfWindows(line)
  )
}

function isCallOfWindows(line: string): boolean {
  const name = callOfWindows.exec(line)?.[1]
  return name !== undefined && windowsCommands.has(name.toLowerCase())
}

const callOfWindows = /^(\w{3,20})(?:[ \t]{1,4}["'\w/%.-]|[ \t]{0,4}(?:$|[>|&]))/

// A file that Windows runs; a name of a verb and a noun, as PowerShell has them.
const executable =
  /^["']?(?:(?:[a-z]:|%\w{1,30}%)?[\\/]{1,2})?(?:[\w .()~-]{1,60}[\\/]){0,9}[\w.-]{1,80}\.(?:exe|bat|cmd|ps1|vbs|wsf|cpl|msc|scr|hta)["']?(?:[\s;|&)<>"']|$)/i
const cmdlet =
  /^(?:add|clear|compress|convert(?:from|to)?|copy|enter|expand|export|find|foreach|format|get|import|install|invoke|move|new|out|pop|push|read|receive|register|remove|rename|resolve|restart|resume|save|select|send|set|sort|start|stop|test|unblock|wait|where|write)-[a-z]{2,30}(?=\s{0,4}(?:$|[;|&#)(])|\s{1,4}["'$\w(-])/i

// Words of a call before the argument that shows it: sub-commands, names, numbers, quoted texts.
const plainArgument = String.raw`(?:[\w.:=,@+%-]{1,60}|'[^'\r\n]{0,120}'|"[^"\r\n]{0,120}")`
const shownArgument = String.raw`(?:(?:--[A-Za-z][\w-]{1,40}|-[A-Za-z?]{1,3}\d{0,5})(?=[\s=)'"]|$)|-[A-Za-z][\w-]{2,40}(?=[ \t=]{1,2}[\w"'/.]|=)|(?:--?[\w-]{1,40}=)?["'@]?(?:(?:~|\.{1,2})?\/[\w.*?-]{1,60}\/|~\/|\.{1,2}\/\w|[a-zA-Z]:\\|\\\\\w|(?:https?|ftp|file|tcp|udp):\/\/)|\/(?:etc|bin|usr|tmp|var|dev|proc|root|home|opt|mnt)\b|\d{1,3}(?:\.\d{1,3}){3}\b|[\w.-]{1,40}:[\w.-]{1,60}:\d{2,5}\b|[0-2]?>{1,2}\s{0,3}[\w./&$-]|<{1,3}\s{0,2}[\w/('"$])`
const call = new RegExp(
  String.raw`^(?:[a-z][a-z\d_.+-]|\d[a-z])[a-z\d_.+-]{0,38}(?:[ \t+]{1,4}${plainArgument}){0,4}?[ \t+]{1,4}${shownArgument}`,
)
/** What begins clauses, types and styles. */
const wordOfText =
  /^(?:and|or|the|a|an|in|on|of|to|for|with|from|by|at|as|is|are|it|see|no|not|new|return|var|let|const|if|else|import|q|v|filename|charset|boundary)\b/
const programOfPath =
  /^\/(?:[\w.-]{1,40}\/){1,6}[\w.-]{1,40}(?:[ \t]{1,4}["'/~$.\w-]|\s{0,4}[;|&#)]|$)(?=[^=]{0,80}(?:$|[\s;|&#)]))/
