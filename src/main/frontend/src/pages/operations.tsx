import { useI18n } from '../i18n';
import { Page } from '../ui/page';

export function OperationsPage() {
  const { t } = useI18n();
  return (
    <Page title={t.operations.title} lead={t.operations.lead}>
      <p />
    </Page>
  );
}
