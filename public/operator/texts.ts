// Keeps every text true when a browser translates the page, which replaces text nodes by elements of its own.
import { h, options, type ComponentChild, type ComponentChildren } from 'preact';
import { withoutTurns } from '../shared/turns.js';

/** Of charts: attributes are all that it has, and nothing of it is translated. */
const SVG_TEXT = 'text';

/** What code says is the same in every language. */
const CODE = new Set(['code', 'pre', 'kbd']);

/**
 * preact goes on writing into text nodes that a translator took away. So it gets none to keep: a text is what its element
 * says as a whole (`textContent`), and beside other elements it has an element of its own.
 */
export function ownTexts(): void {
  options.vnode = ({ type, props }) => {
    if (typeof type === 'string' && type !== SVG_TEXT) take(props, type);
  };
}

interface Props {
  children?: ComponentChildren;
  textContent?: string;
  translate?: boolean;
}

function take(props: Props, type: string): void {
  if (CODE.has(type)) props.translate ??= false;
  const { children } = props;
  const text = textOf(children);
  if (text === null) props.children = apart(children);
  else if (text !== '') {
    props.textContent = withoutTurns(text);
    delete props.children;
  }
}

const isText = (child: ComponentChildren): child is string | number | bigint =>
  typeof child === 'string' || typeof child === 'number' || typeof child === 'bigint';

const isNothing = (child: ComponentChildren): child is null | undefined | boolean =>
  child === null || child === undefined || typeof child === 'boolean';

const isList = (children: ComponentChildren): children is ComponentChild[] => Array.isArray(children);

/** Null where there is more than text. */
function textOf(children: ComponentChildren): string | null {
  if (isText(children)) return String(children);
  if (isNothing(children)) return '';
  if (!isList(children)) return null;
  const texts = children.map(textOf);
  return texts.includes(null) ? null : texts.join('');
}

/** Texts that follow each other become one; what comes after keeps its place. Translators leave blanks alone. */
function apart(children: ComponentChildren): ComponentChildren {
  if (!isList(children)) return children;
  const next: ComponentChild[] = [];
  let text = '';
  let first = -1;
  const end = (): void => {
    if (first >= 0)
      next[first] = text.trim() === '' ? text : h('live-text', { textContent: withoutTurns(text) });
    first = -1;
    text = '';
  };
  for (const child of children) {
    if (isText(child)) {
      if (first < 0) first = next.length;
      text += String(child);
      next.push(null);
    } else {
      if (!isNothing(child)) end();
      next.push(apart(child) as ComponentChild);
    }
  }
  end();
  return next;
}
