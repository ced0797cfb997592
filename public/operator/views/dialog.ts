// A native modal dialog: the browser keeps the focus in it, and Esc closes it.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface DialogProps {
  title: string;
  close: () => void;
  children?: ComponentChildren;
}

export function Dialog({ title, close, children }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  const onClick = (event: MouseEvent): void => {
    if (event.target === dialog.current) close(); // the backdrop is part of the dialog
  };
  return html`<dialog ref=${dialog} aria-labelledby="dialog-title" onClose=${close} onClick=${onClick}>
    <div class="dialog">
      <h2 id="dialog-title">${title}</h2>
      ${children}
    </div>
  </dialog>`;
}
