// How people get Shardlight's package. Everything that is printed follows this one switch; a release to the registry flips it.

/** Whether `npm install shardlight` gives this project. While it does not, that name may be anybody's: nothing may print it. */
export const isPublished = false as boolean;

/** What `npm pack` makes in a checkout. */
export const tarballOf = (version: string): string => `shardlight-${version}.tgz`;

/** The program, for who may not have installed it; null: it must be named by its path. */
export const npxOf = (version: string): string | null => (isPublished ? `npx shardlight@${version}` : null);

/** What `npm install` is given to install the program. */
export const specOf = (version: string): string =>
  isPublished ? `shardlight@${version}` : `./${tarballOf(version)}`;

/** In a bot's folder. Without the registry, the file must lie there. */
export const INSTALL_IN_BOT = isPublished ? 'npm install shardlight' : 'npm install ./shardlight-*.tgz';

/** Where that file comes from, to be said beside the line. */
export const INSTALL_NOTE = isPublished
  ? ''
  : 'shardlight-….tgz is the file that "npm pack" makes in a checkout of Shardlight';
