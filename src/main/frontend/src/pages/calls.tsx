import { useI18n } from '../i18n';
import { Page } from '../ui/page';

export function CallsPage() {
  const { t } = useI18n();
  return (
    <Page title={t.calls.title} lead={t.calls.lead}>
      <p />
    </Page>
  );
}
