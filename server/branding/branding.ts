// The operator's look, read and checked at the start: logo, links, accent, footer, style of their own.
import { readFileSync, statSync } from 'node:fs';
import type { Settings } from '../config.js';
import type { Mistake } from '../settings/read-config.js';
import { accentMistake, type Accent } from './accent.js';
import { readImage, type Image } from './image.js';

const MAX_LOGO_BYTES = 256 * 1024;
const MAX_CSS_BYTES = 64 * 1024;

export interface Logo extends Image {
  bytes: Buffer;
}

/** Null where nothing was configured. Texts are plain: whoever shows them escapes them. */
export interface Branding {
  logo: Logo | null;
  links: Record<'support' | 'invite' | 'website', string | null>;
  accent: Accent | null;
  footer: string | null;
  /** With `\n` only and no `</style`: it is inlined, and its hash must be that of what browsers parse. */
  customCss: string | null;
}

export function readBranding(settings: Settings): { branding: Branding; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const note = (mistake: Mistake | null): void => void (mistake && mistakes.push(mistake));
  const logo = settings.LOGO === null ? null : readLogo(settings.LOGO, note);
  const customCss = settings.CUSTOM_CSS === null ? null : readCss(settings.CUSTOM_CSS, note);
  if (settings.ACCENT) note(accentMistake(settings.ACCENT));
  const { ACCENT: accent, FOOTER: footer } = settings;
  const links = {
    support: settings.LINK_SUPPORT,
    invite: settings.LINK_INVITE,
    website: settings.LINK_WEBSITE,
  };
  return { branding: { logo, links, accent, footer, customCss }, mistakes };
}

type Note = (mistake: Mistake) => void;

function readLogo(path: string, note: Note): Logo | null {
  const accepts = 'the path of a PNG, SVG, WebP or JPEG file of at most 256 KiB';
  const wrong = (what: string): null => {
    note({ variable: 'SHARDLIGHT_LOGO', found: `"${path}" (${what})`, accepts });
    return null;
  };
  const file = readFile(path, MAX_LOGO_BYTES);
  if (!file.ok) return wrong(file.why);
  const image = readImage(file.bytes);
  return image ? { ...image, bytes: file.bytes } : wrong('none of these');
}

function readCss(path: string, note: Note): string | null {
  const accepts = 'the path of a CSS file of at most 64 KiB in UTF-8, without "</style"';
  const wrong = (what: string): null => {
    note({ variable: 'SHARDLIGHT_CUSTOM_CSS', found: `"${path}" (${what})`, accepts });
    return null;
  };
  const file = readFile(path, MAX_CSS_BYTES);
  if (!file.ok) return wrong(file.why);
  const css = textOf(file.bytes);
  if (css === undefined) return wrong('not UTF-8 text');
  return /<\/style/i.test(css) ? wrong('with "</style"') : css;
}

type FileRead = { ok: true; bytes: Buffer } | { ok: false; why: string };

function readFile(path: string, maxBytes: number): FileRead {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) return { ok: false, why: `${size} bytes` };
    return { ok: true, bytes: readFileSync(path) };
  } catch (error) {
    return { ok: false, why: (error as NodeJS.ErrnoException).code ?? 'unreadable' };
  }
}

/** As a browser's HTML parser would have it; undefined when it is no text. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text.replace(/\r\n?/g, '\n').trim();
  } catch {
    return undefined;
  }
}
