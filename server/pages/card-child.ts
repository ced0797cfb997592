// Draws cards in a process of its own: a message with an SVG gets one with its PNG, or with why there is none.
import { createRequire } from 'node:module';
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';
import type { Drawn } from './render.js';

const { resolve } = createRequire(import.meta.url);
const inter = (weight: string): string => resolve(`@expo-google-fonts/inter/${weight}/Inter_${weight}.ttf`);

/** Slim systems have no fonts, and others would make the card look different on each: only ours are used. */
const options: ResvgRenderOptions = {
  font: {
    fontFiles: [inter('400Regular'), inter('600SemiBold')],
    loadSystemFonts: false,
    defaultFontFamily: 'Inter',
  },
};

function draw(svg: string): Drawn {
  try {
    return { png: new Resvg(svg, options).render().asPng() };
  } catch (error) {
    return { why: (error as Error).message };
  }
}

process.on('message', (svg: string) => void process.send!(draw(svg)));
