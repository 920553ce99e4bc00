/**
 * Whether a place in a value is in the text that somebody searched for at another address: `https://search.example/?q=select 1
 * from a`, as it comes back in `Referer` and in what pages report. Such a statement begins with the parameter or behind words of
 * it; an attack follows a number, a quote or a parenthesis that it has to leave first.
 */
export function isSearchedFor(value: string, at: number): boolean {
  return /^https?:\/\//i.test(value) && searched.test(value.slice(Math.max(0, at - longestText), at))
}

const longestText = 400
const searched = /[?&#][\w.-]{1,40}=(?:[^\d&'"`()=;]{0,300}(?:[\s+]|%20))?$/
