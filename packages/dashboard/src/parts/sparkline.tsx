/** A thin line of the last values, as wide as its place; for the eye alone, since a number stands beside it. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(1, ...values)
  const step = values.length < 2 ? 0 : 100 / (values.length - 1)
  const points = values.map(
    (value, at) => `${(at * step).toFixed(1)},${(19 - (18 * value) / most).toFixed(1)}`,
  )
  return (
    <svg className="sparkline" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  )
}
