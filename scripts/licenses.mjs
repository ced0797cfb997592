// The licenses of the packages that became a part of what is built: whoever passes that on passes these on too.
import { readdir, readFile } from 'node:fs/promises';

const PACKAGE = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Of metafiles of the bundler: one text with name, version and license of each package in them. Throws when one has none. */
export async function licensesOf(...metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []);
  const texts = await Promise.all([...new Set(folders)].sort().map(licenseOf));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenseOf(folder) {
  const { name, version } = JSON.parse(await readFile(`${folder}package.json`, 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${folder} has no file with its license`);
  const texts = await Promise.all(files.map((file) => readFile(folder + file, 'utf8')));
  return `${name} ${version}\n\n${texts.map((text) => text.trim()).join('\n\n')}\n`;
}
