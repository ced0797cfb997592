// Whether there is room for a table: below it, rows stack, and the head of the page has two rows.
import { useEffect, useState } from 'preact/hooks';

/** As in the style. */
const narrow = matchMedia('(max-width: 40rem)');

export function useNarrow(): boolean {
  const [isNarrow, set] = useState(narrow.matches);
  useEffect(() => {
    const onChange = (): void => set(narrow.matches);
    narrow.addEventListener('change', onChange);
    return () => narrow.removeEventListener('change', onChange);
  }, []);
  return isNarrow;
}
