/**
 * What a value must hold for an operator to match it, as a regular expression, where one can be told: the detectors decide by
 * grammars, and no attack that they know is one word. A test holds each detector to its line here.
 */
export const matchNeeds: ReadonlyMap<string, string> = new Map([
  ['detectcrlf', '[\\r\\n%\\x80-\\xff]'],
  ['detectldap', '[^A-Za-z0-9_-]'],
  ['detectnosql', '[^A-Za-z0-9_-]'],
  ['detectprivatetarget', '[^A-Za-z0-9_-]'],
  ['detectprototypepollution', '[^A-Za-z0-9_-]|__'],
  [
    'detectserialized',
    '[^A-Za-z0-9_-]|__|rO0AB|(?i:aced0005)|AAEAAAD|ObjectDataProvider|gA[JNQS]|Y29|Y3B|Y19|BAh',
  ],
  ['detectshell', '[^A-Za-z0-9_-]'],
  ['detectsqli', '[^A-Za-z0-9_-]|--|(?i:union|select|[xs]p_|0x)'],
  ['detectssrf', '[^A-Za-z0-9_-]'],
  ['detecttemplate', '[^A-Za-z0-9_-]'],
  ['detecttraversal', '[^A-Za-z0-9_-]'],
  ['detectxpath', '[^A-Za-z0-9_-]'],
  ['detectxss', '[^A-Za-z0-9_-]'],
  ['nomatch', '[^\\x00-\\xff]'],
  ['validateurlencoding', '%'],
  ['validateutf8encoding', '[\\x80-\\xff]'],
])
