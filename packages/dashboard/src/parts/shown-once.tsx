import { CopyButton } from './copy-button.tsx'
import { Dialog } from './dialog.tsx'

/** A secret that was made, to be copied now or never. */
export function ShownOnce({
  what,
  secret,
  close,
}: {
  /** What it is called: key, token. */
  readonly what: string
  readonly secret: string
  readonly close: () => void
}) {
  return (
    <Dialog title={`The ${what}, shown this once`} close={close}>
      <p>Copy it now. The gateway keeps only what it needs to recognise it.</p>
      <pre className="secret">
        <code>{secret}</code>
      </pre>
      <p className="actions">
        <CopyButton text={secret} />
        <button className="primary" onClick={close}>
          I have it
        </button>
      </p>
    </Dialog>
  )
}
