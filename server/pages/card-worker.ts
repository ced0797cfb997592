// Draws cards in a thread of its own: laying out text and packing a PNG would hold up the event loop for 100 ms.
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';

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

parentPort!.on('message', (svg: string) => {
  parentPort!.postMessage(new Resvg(svg, options).render().asPng());
});
