// Writes to the page only what differs: screen readers announce what is written, and styles are computed anew.

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element: Element, name: string): void {
  if (element.className !== name) element.className = name;
}
