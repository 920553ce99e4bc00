import type { Opening } from '../../exchange/exchange.ts'
import type { Caller } from '../access/caller.ts'
import { readSessionCookie } from '../access/session-cookie.ts'
import type { Sessions } from '../access/sessions.ts'

/** Who calls: by token where one is shown, else by the session's cookie; `undefined`: nobody known. */
export async function authenticate(
  { request, client }: Opening,
  sessions: Sessions,
): Promise<Caller | undefined> {
  const authorization = request.headers.get('authorization')
  if (authorization !== undefined) {
    const token = /^Bearer ([\w-]{1,100})$/i.exec(authorization)?.[1]
    // A wrong token is not made good by a cookie.
    return token === undefined ? undefined : sessions.findByToken(token, client.text)
  }
  const cookie = readSessionCookie(request.headers.getJoined('cookie'))
  return cookie === undefined ? undefined : sessions.findByCookie(cookie, client.text)
}
