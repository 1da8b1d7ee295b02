// Sets the chosen colours before anything is painted. A file of its own, so that no inline script is needed.
try {
  const theme = localStorage.getItem('cordboard.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be closed to us; then the browser's colours are used.
}
