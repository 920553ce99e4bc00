const lineEnd = String.raw`(?:\r\n?|\n|%0[dD]%0[aA]|%0[aA]|\\r\\n)`

/**
 * Behind a line break, a command to a mail server on a line of its own: SMTP (RFC 5321, section 4.1) and IMAP, whose commands
 * have a tag before them (RFC 9051, section 2.2.1). Prose has the words, but not alone on the line or with these arguments.
 */
export const mailCommands: readonly RegExp[] = [
  new RegExp(`${lineEnd}(?:MAIL FROM|RCPT TO):`, 'i'),
  new RegExp(
    `^[^\\s]{0,200}${lineEnd}(?:DATA|QUIT|RSET|NOOP|EXPN \\S{1,80}|VRFY \\S{1,80}|(?:EHLO|HELO) \\S{1,80})(?:${lineEnd}|$)`,
  ),
  new RegExp(
    `${lineEnd}[A-Z]\\d{1,4} (?:CAPABILITY|LOGIN|LOGOUT|SELECT|EXAMINE|FETCH|SEARCH|STORE|COPY|CREATE|DELETE|RENAME|LIST|LSUB|STATUS|APPEND|EXPUNGE|NOOP|UID)(?=[\\s%\\\\]|$)`,
  ),
  // What is smuggled to a server of files, of mail or of a cache: the value, and then its command.
  new RegExp(
    `^[^\\s]{0,200}${lineEnd}(?:USER|PASS|RETR|STOR|LOGIN|AUTH|SET|DEL|EVAL|SLAVEOF) \\S{1,200}(?: \\S{1,200}){0,3}(?:${lineEnd}|$)`,
  ),
]
