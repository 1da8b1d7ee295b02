import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env['CORDBOARD_URL'] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../../../target/classes/static',
    emptyOutDir: true,
    // The diagram viewer is large and is loaded only by the page that shows a diagram.
    chunkSizeWarningLimit: 700,
    license: { fileName: 'assets/licenses.md' },
  },
  server: {
    port: 5173,
    // "npm run dev" shows the pages with instant reload against a running application.
    proxy: Object.fromEntries(
      ['/v1', '/api', '/simulator/api', '/camunda', '/swagger-ui', '/v3'].map((path) => [
        path,
        { target: server },
      ]),
    ),
  },
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'],
  },
});
