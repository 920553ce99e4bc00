import type { ActionCall, OperatorCall, Selector, Statement, Target } from '../language/rule.ts'

/** Writes a statement as one line of SecLang that `parseRules` reads back as the same statement. */
export function formatStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'rule': {
      const targets = statement.targets.map(formatTarget).join('|')
      const words = [quote(targets), quote(formatOperator(statement.operator))]
      if (statement.actions.length > 0) words.push(quote(formatActions(statement.actions)))
      return `SecRule ${words.join(' ')}`
    }
    case 'action':
      return `SecAction ${quote(formatActions(statement.actions))}`
    case 'marker':
      return `SecMarker ${quote(statement.name)}`
    case 'directive':
      return [statement.name, ...statement.values.map(quoteWhereNeeded)].join(' ')
  }
}

/** Writes a target: `!ARGS:token`, `&TX:/^header_/`. */
export function formatTarget(target: Target): string {
  const prefix = (target.excluded ? '!' : '') + (target.counted ? '&' : '')
  const selector = target.selector === undefined ? '' : `:${formatSelector(target.selector)}`
  return prefix + target.variable + selector
}

/** Writes actions with their arguments, quoted where they hold more than plain words. */
export function formatActions(actions: readonly ActionCall[]): string {
  return actions.map(formatAction).join(',')
}

function formatSelector(selector: Selector): string {
  if (selector.kind === 'regex') return `'/${selector.source.replaceAll("'", "\\'")}/'`
  return /^[\w*@/.$-]+$/.test(selector.name) ? selector.name : `'${selector.name.replaceAll("'", "\\'")}'`
}

function formatOperator(operator: OperatorCall): string {
  return `${operator.negated ? '!' : ''}@${operator.name} ${operator.argument}`
}

function formatAction({ name, argument }: ActionCall): string {
  if (argument === undefined) return name
  return /^[\w.=%{}+-]+$/.test(argument)
    ? `${name}:${argument}`
    : `${name}:'${argument.replaceAll("'", "\\'")}'`
}

function quote(text: string): string {
  // A backslash that belongs to the text would take the quote's own away, or be taken for it.
  const mark = /(?<!\\)(?:\\\\)*\\"/.test(text) ? "'" : '"'
  return mark + text.replaceAll(mark, `\\${mark}`) + mark
}

/** A word without blanks stands for itself, whatever is in it, as long as it does not begin as something else or go on below. */
function quoteWhereNeeded(text: string): string {
  return /^[^\s"'#]\S*(?<!\\)$/.test(text) ? text : quote(text)
}
