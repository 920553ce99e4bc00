import type { ReactNode } from 'react'

/** A text as it is, line for line, in a place that scrolls: by keyboard, too. */
export function Text({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // Who has no mouse must be able to scroll it, too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="text" role="region" aria-label={label} tabIndex={0}>
      {children}
    </pre>
  )
}
