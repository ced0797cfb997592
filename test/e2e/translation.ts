// What a browser's translation does to a page, as Chrome does it: every text gets other nodes, and so does every text that comes later.
import type { Page } from 'playwright-core';

/** Put before every text that was translated. */
const MARK = '«';

/** Texts, new ones too, are replaced by `<font><font>`; blanks and what says translate="no" are left alone. */
export const translate = (page: Page): Promise<void> =>
  page.evaluate((mark) => {
    const html = 'http://www.w3.org/1999/xhtml';
    const isOurs = (node: Node): boolean => {
      const parent = node.parentElement;
      const isKept = !parent?.translate || parent.closest('font, script, style, noscript') !== null;
      return isKept || node.nodeValue!.trim() === '';
    };
    const replace = (root: Node): void => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts: Node[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      for (const text of root.nodeType === Node.TEXT_NODE ? [root] : texts) {
        if (isOurs(text)) continue;
        const outer = document.createElementNS(html, 'font');
        const inner = outer.appendChild(document.createElementNS(html, 'font'));
        inner.textContent = `${mark}${text.nodeValue}`;
        (text as ChildNode).replaceWith(outer);
      }
    };
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes)
        for (const node of type === 'characterData' ? [target] : addedNodes)
          if (node.isConnected) replace(node);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    document.documentElement.lang = 'de';
    document.documentElement.className += ' translated-ltr';
    replace(document.body);
  }, MARK);

/** What can be read on the page, translated or not, line by line. */
export const readable = async (page: Page): Promise<string> =>
  (await page.locator('body').innerText()).replaceAll(MARK, '').replace(/[^\S\n]*\n[^\S\n]*/g, '\n');

/** How many texts were translated. */
export const translated = (page: Page): Promise<number> => page.locator('font > font').count();
