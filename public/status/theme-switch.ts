// The switch between the system's theme, light and dark; it needs a script, so the page hides it until here.

type Theme = 'system' | 'light' | 'dark';

export function showThemeSwitch(): void {
  const field = document.querySelector<HTMLFieldSetElement>('#theme');
  if (!field) return;
  const chosen = document.documentElement.dataset.theme ?? 'system';
  for (const radio of field.querySelectorAll('input')) radio.checked = radio.value === chosen;
  field.addEventListener('change', ({ target }) => choose((target as HTMLInputElement).value as Theme));
  field.hidden = false;
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Then it holds until the page is left.
  }
}
