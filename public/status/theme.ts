// Puts the chosen theme, and the list if that was chosen, on the page before it is painted; inlined in the head, so that nothing flashes.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (localStorage.getItem('view') === 'list') document.documentElement.dataset.view = 'list';
} catch {
  // Storage may be forbidden; then the system's theme it is.
}
// An answer is about to be put above the grid: what is below is not shown until it is there, so that nothing moves.
if (/[#&]guild=/.test(location.hash)) document.documentElement.dataset.asked = '';
