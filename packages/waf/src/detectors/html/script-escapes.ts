const escapes = /\\(?:u\{0*([\dA-Fa-f]{2})\}|u00([\dA-Fa-f]{2})|x([\dA-Fa-f]{2}))/g

/** The text with the escapes of JavaScript that spell ASCII decoded: `\u0061lert`, `\x3cscript`. */
export function decodeScriptEscapes(text: string): string {
  return text.includes('\\') ? text.replace(escapes, decodeEscape) : text
}

function decodeEscape(_: string, braced?: string, four?: string, two?: string): string {
  return String.fromCharCode(Number.parseInt(braced ?? four ?? two ?? '', 16))
}
