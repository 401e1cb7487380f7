import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Middleware } from 'koa';
import { HttpRefusal } from '../errors.ts';

const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Pannier API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="explorer"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: true,
  tryItOutEnabled: true,
});
`;

const FILES: Readonly<Record<string, { type: string; content: string | (() => Promise<Buffer>) }>> = {
  '/docs': { type: 'text/html', content: PAGE },
  '/docs/start.js': { type: 'text/javascript', content: START },
  '/docs/swagger-ui.css': { type: 'text/css', content: () => readFile(path.join(assets, 'swagger-ui.css')) },
  '/docs/swagger-ui-bundle.js': {
    type: 'text/javascript',
    content: () => readFile(path.join(assets, 'swagger-ui-bundle.js')),
  },
  '/docs/favicon-32x32.png': { type: 'image/png', content: () => readFile(path.join(assets, 'favicon-32x32.png')) },
};

/** The API explorer, from files of this machine alone; its own policy allows just them. */
export function docsPage(): Middleware {
  return async (ctx, next) => {
    const moved = ctx.path === '/' || ctx.path === '/docs/';
    const file = Object.hasOwn(FILES, ctx.path) ? FILES[ctx.path] : undefined;
    if (!file && !moved) return next();
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD')
      throw new HttpRefusal('METHOD_NOT_ALLOWED', undefined, {}, { Allow: 'HEAD, GET' });
    if (!file) return ctx.redirect('/docs');
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
    );
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.type = file.type;
    ctx.body = typeof file.content === 'string' ? file.content : await file.content();
  };
}
