import { useState } from 'react'

/** Copies a text, and says whether it did. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [outcome, setOutcome] = useState<string>()
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('Copied'),
      () => setOutcome('Not allowed: mark it and copy it yourself'),
    )
  }
  return (
    <button type="button" onClick={copy}>
      <span role="status">{outcome ?? label}</span>
    </button>
  )
}
