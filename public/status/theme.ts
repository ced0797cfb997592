// Puts the chosen theme, and the list if that was chosen, on the page before it is painted; inlined in the head, so that nothing flashes.
const { dataset } = document.documentElement;
// An answer is about to be put above the grid: what is below is not shown until it is there, so that nothing moves.
if (/[#&]guild=/.test(location.hash)) dataset.asked = '';
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  if (localStorage.getItem('view') === 'list') dataset.view = 'list';
  if (localStorage.getItem('guild') !== null) dataset.asked = '';
} catch {
  // Storage may be forbidden; then the system's theme it is.
}
