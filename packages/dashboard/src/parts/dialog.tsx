import { useEffect, useRef, type ReactNode } from 'react'

/** A question before the page; Escape and the cross close it, and the keyboard stays inside of it. */
export function Dialog({
  title,
  close,
  children,
}: {
  readonly title: string
  readonly close: () => void
  readonly children: ReactNode
}) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    element.current?.showModal()
  }, [])
  return (
    <dialog ref={element} onClose={close} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button className="quiet" aria-label="Close" onClick={close}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  )
}
