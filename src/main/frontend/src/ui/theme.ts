import { useCallback, useState } from 'react';

export type Theme = 'auto' | 'light' | 'dark';

const STORED_AS = 'cordboard.theme';

/** The colours: the system's unless chosen otherwise. Read before the first paint by appearance.js. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState<Theme>(() => (document.documentElement.dataset['theme'] as Theme) ?? 'auto');
  const choose = useCallback((chosen: Theme) => {
    set(chosen);
    if (chosen === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
    try {
      if (chosen === 'auto') localStorage.removeItem(STORED_AS);
      else localStorage.setItem(STORED_AS, chosen);
    } catch {
      // The choice then holds until the page is left.
    }
  }, []);
  return [theme, choose];
}
