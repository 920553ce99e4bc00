import type { Review } from './review.ts'

/** A review as text for people, a heading a part; a part with nothing to say says so. */
export function printReview(review: Review): string {
  const { integrity, lastReview, unusedRules } = review
  return [
    `Review   ${day(review.from)} to ${day(review.to)}`,
    `Before   ${lastReview === undefined ? 'no review was signed yet' : `${day(lastReview.at)} by ${lastReview.by}`}`,
    `Audit    ${integrity.rows} rows, ${integrity.findings.length === 0 ? 'all as they were written' : 'NOT as they were written'}`,
    ...integrity.findings.map((message) => `         ${message}`),
    ...part(
      'Changes',
      review.changes.map(({ action, actor, times, targets, refused }) =>
        [
          `${String(times).padStart(5)}  ${action.padEnd(24)} ${actor}`,
          ...(refused === 0 ? [] : [`${refused} refused or failed`]),
          ...(targets.length === 0 ? [] : [targets.join(', ')]),
        ].join('   '),
      ),
    ),
    ...part(
      'Exceptions',
      review.exceptions.map(({ subject, message }) => `${subject}   ${message}`),
    ),
    ...part(
      'Ends soon',
      review.endings.map(({ subject, daysLeft, message }) => `${subject}   in ${daysLeft} days   ${message}`),
    ),
    ...part(
      'Refused most by',
      review.refusals.map(({ name, count }) => `${count.toLocaleString('en').padStart(9)}  ${name}`),
    ),
    ...part(
      'Refused most at',
      review.refusedOperations.map(({ name, count }) => `${count.toLocaleString('en').padStart(9)}  ${name}`),
    ),
    ...part('Accounts without a login', review.idleAccounts),
    ...(unusedRules === undefined
      ? []
      : part('WAF rules that matched nothing', [
          `${unusedRules.ids.length} of ${unusedRules.total}`,
          ...wrapIds(unusedRules.ids),
        ])),
  ].join('\n')
}

function part(title: string, lines: readonly string[]): readonly string[] {
  return ['', title, ...(lines.length === 0 ? ['  none'] : lines.map((line) => `  ${line}`))]
}

/** The first hundred, ten a line. */
function wrapIds(ids: readonly number[]): readonly string[] {
  const lines: string[] = []
  for (let index = 0; index < Math.min(ids.length, 100); index += 10)
    lines.push(ids.slice(index, index + 10).join(' '))
  return lines
}

function day(moment: string): string {
  return moment.slice(0, 10)
}
