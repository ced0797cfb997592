// Puts HTML where other HTML is: what stays as it was is not touched, so focus and selection hold and a live region says only what is new.

/** `html` is trusted: texts in it went through `escapeHtml`. */
export function fill(host: Element, html: string): void {
  const template = document.createElement('template');
  template.innerHTML = html;
  bring(host, template.content);
}

function bring(old: Node, next: Node): void {
  const wanted = [...next.childNodes];
  let isAfterChange = false;
  wanted.forEach((node, index) => {
    // What is too many goes first, and what is new comes between: so the others stay who they are.
    while (old.childNodes.length > wanted.length && old.childNodes[index]!.nodeName !== node.nodeName)
      old.childNodes[index]!.remove();
    const known = old.childNodes[index];
    const isSame = known?.isEqualNode(node) ?? false;
    if (known?.nodeName !== node.nodeName) old.insertBefore(node, known ?? null);
    else if (!isSame || isAfterChange) bringNode(known, node);
    isAfterChange ||= !isSame;
  });
  while (old.childNodes.length > wanted.length) old.lastChild!.remove();
}

function bringNode(known: ChildNode, node: ChildNode): void {
  if (known instanceof Element && node instanceof Element) {
    for (const { name } of [...known.attributes]) if (!node.hasAttribute(name)) known.removeAttribute(name);
    for (const { name, value } of node.attributes)
      if (known.getAttribute(name) !== value) known.setAttribute(name, value);
    bring(known, node);
  } else known.replaceWith(node); // also when only what stands before it changed: the same text at another place would count as moved
}
