// Writes to the page only what differs: screen readers announce what is written, and styles are computed anew.

/** What was written last: a browser that translates the page puts other words in its place. */
const written = new WeakMap<Element, string>();

/** Whether the element says something else now. */
export function isNewText(element: Element, text: string): boolean {
  if ((written.get(element) ?? element.textContent) === text) return false;
  written.set(element, text);
  return true;
}

export function setText(element: Element, text: string): void {
  if (isNewText(element, text)) element.textContent = text;
}

export function setClass(element: Element, name: string): void {
  if (element.className !== name) element.className = name;
}
