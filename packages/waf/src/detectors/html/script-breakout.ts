/** Calls and properties by which a script that somebody smuggled in shows itself, or takes what it came for. */
const loud =
  /(?:\b(?:alert|prompt|confirm|eval|execScript|Function|String\.fromCharCode|document\.writeln?)\b\)?\s{0,16}(?:\?\.\s{0,16})?(?:\/\*[^*]{0,40}\*\/\s{0,16})?(?:\(|`(?![\s.,;:)!?]|$)))|\b(?:document\b\)?\s{0,9}(?:\.|\[\s{0,9}['"])\s{0,9}(?:cookie|domain|write)|(?:window|self|top|parent|globalThis|frames)\b\)?\s{0,9}\[|onerror\s*=|innerHTML\s*=|constructor\s{0,9}[.[]\s{0,9}['"]?constructor)/g

/** Calls that harmless code makes as well: they count only where they follow a literal that the value ended. */
const quiet =
  /\b(?:(?:setTimeout|setInterval|fetch|import|print|atob|unescape|XMLHttpRequest|Image|open|postMessage|decodeURIComponent)\s*\(|(?:document\.)?location(?:\.href)?\s*=[^=]|(?:document|window|self|top|parent|globalThis)\.\w{1,40}\s*=[^=])/g

const bridge = /[\s;,+\-*/|&^?:=<>)}\]!~({[%]/
const bridgeWords =
  /(?:^|[^\w$])((?:new|void|typeof|delete|throw|return|in|instanceof|of|await|yield|var|let|const|else|window|self|top|parent|globalThis|this|document)\.?)$/
const longestBridge = 80

/**
 * Where in the value a script goes on outside of the literal that the value was put into: a quote, then operators, then a
 * call that matters, as in `';alert(1)//` and `"-prompt(1)-"`; or a value that is such a call from its first character.
 */
export function findScriptBreakout(value: string): number | undefined {
  const script = value.includes('/*') ? value.replace(comment, (text) => ' '.repeat(text.length)) : value
  return findCall(script, loud) ?? (/["'`]/.test(script) ? findCall(script, quiet) : undefined)
}

const comment = /\/\*[^*]{0,80}\*\//g

function findCall(value: string, calls: RegExp): number | undefined {
  calls.lastIndex = 0
  for (let found = calls.exec(value); found !== null; found = calls.exec(value)) {
    const start = bridgeStart(value, found.index, calls === loud)
    if (start !== undefined) return start
  }
  return undefined
}

/** Walks back from a call over operators to the quote that ended the literal, or to the start of the value. */
function bridgeStart(value: string, call: number, isLoud: boolean): number | undefined {
  let at = call
  const first = Math.max(0, call - longestBridge)
  while (at > first) {
    const before = value[at - 1] as string
    if (bridge.test(before)) at--
    else if (/["'`]/.test(before)) return isEnd(value, at - 1, call) ? at - 1 : undefined
    else {
      const word = bridgeWords.exec(value.slice(Math.max(0, at - 12), at))?.[1]
      if (word === undefined) return isLoud && value[call - 1] === ';' ? call : undefined
      at -= word.length
    }
  }
  return at === 0 && isLoud && endsAsCode(value) ? 0 : undefined
}

/**
 * Whether a quote ends a literal, and the call follows it over an operator: `'-alert(1)`. Code in prose has a quote before
 * a word or a space, and calls separated by a line or by white space alone.
 */
function isEnd(value: string, quote: number, call: number): boolean {
  const between = value.slice(quote + 1, call)
  return /[;,+\-*/|&^?:=<>)}\]!~%]/.test(between) && !/\n/.test(between.trim()) && !/^[,)]+\s+$/.test(between)
}

/** A value that begins with a call must be code to its end; "confirm (daily)" is not. */
function endsAsCode(value: string): boolean {
  if (/^\w+\s+\(/.test(value)) return false
  return /[)`;}'"\]/]\s*$|\/\/.*$|<!--/.test(value) || /^[(]?document\b\S*$/.test(value.replaceAll(' ', ''))
}
