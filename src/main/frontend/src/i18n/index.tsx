import { createContext, use, useCallback, useEffect, useState, type ReactNode } from 'react';
import { de } from './de';
import { en, type Messages } from './en';

export type Language = 'en' | 'de';

const MESSAGES: Record<Language, Messages> = { en, de };
export const LANGUAGES: readonly Language[] = ['en', 'de'];
const STORED_AS = 'cordboard.language';

/** The chosen language, else the first one of the browser's that we speak, else English. */
export function pickLanguage(chosen: string | null, browser: readonly string[]): Language {
  for (const wish of [chosen, ...browser]) {
    const language = LANGUAGES.find((each) => wish?.toLowerCase().split('-')[0] === each);
    if (language) return language;
  }
  return 'en';
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

interface I18n {
  t: Messages;
  language: Language;
  setLanguage: (language: Language) => void;
}

const I18nContext = createContext<I18n | null>(null);

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, set] = useState(() => pickLanguage(stored(), navigator.languages));

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const setLanguage = useCallback((chosen: Language) => {
    set(chosen);
    try {
      localStorage.setItem(STORED_AS, chosen);
    } catch {
      // The choice then holds until the page is left.
    }
  }, []);

  return <I18nContext value={{ t: MESSAGES[language], language, setLanguage }}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const i18n = use(I18nContext);
  if (!i18n) throw new Error('useI18n outside of I18nProvider');
  return i18n;
}

export function nameOf(language: Language): string {
  return MESSAGES[language].name;
}
