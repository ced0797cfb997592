// Room for what may yet be said: the longest of some texts stands unseen in the place of the one that is shown, so that nothing moves later.

/** By characters, which within one language is near enough to how much room it takes. */
export const longest = (texts: string[]): string =>
  texts.reduce((most, text) => (text.length > most.length ? text : most), '');
