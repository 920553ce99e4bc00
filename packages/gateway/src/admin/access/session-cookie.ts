/**
 * The session's cookie. `__Host-` makes browsers refuse it from any other host or over plain HTTP (RFC 6265bis section
 * 4.1.3.2), `Strict` keeps it from every request that another site begins, `HttpOnly` from scripts.
 */
const cookieName = '__Host-gateward'

export function writeSessionCookie(value: string, seconds: number): string {
  return `${cookieName}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Strict`
}

export const endedSessionCookie = `${cookieName}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`

/** The session's value in a `Cookie` field; `undefined` also where there are two, since only one can be ours. */
export function readSessionCookie(field: string | undefined): string | undefined {
  const values = (field ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1))
  return values.length === 1 ? values[0] : undefined
}
