// What a logo's bytes are, told by themselves and not by the file's name; and its size, so that the page keeps room for it.

export type LogoType = 'png' | 'svg' | 'webp' | 'jpeg';

export interface Image {
  type: LogoType;
  /** In CSS pixels. */
  width: number;
  height: number;
}

type Size = Omit<Image, 'type'>;

/** Undefined for anything that is none of the four, or has no size. */
export function readImage(bytes: Buffer): Image | undefined {
  const type = typeOf(bytes);
  if (!type) return undefined;
  const size = sizes[type](bytes);
  return size && size.width >= 1 && size.height >= 1 ? { type, ...size } : undefined;
}

function typeOf(bytes: Buffer): LogoType | undefined {
  if (bytes.length < 30) return undefined;
  if (bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n') return 'png';
  if (bytes.readUInt16BE(0) === 0xffd8) return 'jpeg';
  const tag = (from: number): string => bytes.toString('latin1', from, from + 4);
  if (tag(0) === 'RIFF' && tag(8) === 'WEBP') return 'webp';
  return /^\uFEFF?\s*(<\?xml[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(bytes.toString())
    ? 'svg'
    : undefined;
}

const sizes: Record<LogoType, (bytes: Buffer) => Size | undefined> = {
  png: (bytes) => ({ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }),
  jpeg: jpegSize,
  webp: webpSize,
  svg: svgSize,
};

const JPEG_NO_FRAMES = [0xc4, 0xc8, 0xcc]; // tables and arithmetic coding, among the numbers of frames

/** Walks the segments to the first frame header (ITU-T T.81, B.2.2). */
function jpegSize(bytes: Buffer): Size | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xcf && !JPEG_NO_FRAMES.includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  return undefined;
}

/** The first chunk is one of three kinds (RFC 9649). */
function webpSize(bytes: Buffer): Size | undefined {
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8 ')
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (kind !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

/** Width and height where they are plain numbers or pixels, else the view box. */
function svgSize(bytes: Buffer): Size | undefined {
  const root = /<svg\b[^>]*>/i.exec(bytes.toString())?.[0] ?? '';
  const length = (name: string): number =>
    Number(new RegExp(`\\s${name}\\s*=\\s*["']\\s*([\\d.]+)(px)?\\s*["']`).exec(root)?.[1]);
  const [width, height] = [length('width'), length('height')];
  if (width > 0 && height > 0) return { width, height };
  const box = /\sviewBox\s*=\s*["']([^"']+)["']/
    .exec(root)?.[1]
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  return box && box[2]! > 0 && box[3]! > 0 ? { width: box[2]!, height: box[3]! } : undefined;
}
