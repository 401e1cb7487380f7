import { expect } from 'chai';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';

const CONTENT = { 'content-type': 'text/html; charset=utf-8' };

export const systemSuite = shopSuite('The house itself', it => {
  it('says how it and its parts are', async shop => {
    const health = await shop.root.get('/health');
    expect(health.status).to.equal(200);
    expect(health.body).to.deep.equal({ status: 'ok', database: 'up', redis: 'disabled', search: 'disabled' });
    for (const path of ['/health/live', '/health/ready']) {
      const reply = await shop.root.get(path);
      expect(reply.status, path).to.equal(200);
      expect(reply.body, path).to.deep.equal({ status: 'ok' });
      expect(reply.headers['cache-control'], path).to.include('no-store');
    }
  });

  it('shows the public halves of its signing keys, and nothing of the private ones', async shop => {
    const reply = await shop.root.get('/.well-known/jwks.json');
    const { keys } = reply.body as unknown as { keys: Record<string, unknown>[] };
    expect(keys).to.have.length.above(0);
    for (const key of keys) {
      expect(key).to.include({ kty: 'EC', crv: 'P-256' });
      expect(key).to.include.keys('kid', 'x', 'y');
      expect(key).not.to.have.property('d');
    }
    const { tokens } = await shop.account();
    const header = JSON.parse(Buffer.from(tokens.access_token.split('.')[0]!, 'base64url').toString()) as object;
    expect(header).to.include({ alg: 'ES256', kid: keys[0]!['kid'] });
  });

  it('describes every one of its routes, each under a name of its own', async shop => {
    const { body } = await shop.root.get('/openapi.json');
    const { openapi, paths } = body as unknown as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(openapi).to.equal('3.1.0');
    const names = Object.values(paths).flatMap(row => Object.values(row).map(({ operationId }) => operationId));
    expect(names.toSorted()).to.deep.equal(shop.app.routes.map(({ name }) => name).toSorted());
    expect(new Set(names).size).to.equal(names.length);
  });

  it('has an explorer that needs nothing from anywhere else', async shop => {
    const page = await shop.root.send({ method: 'GET', path: '/docs', unlisted: true });
    expect(page.status).to.equal(200);
    expect(page.headers).to.include(CONTENT);
    expect(page.text).not.to.match(/(?:src|href)="(?:https?:)?\/\//);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1]!);
    const named = ['favicon-32x32.png', 'swagger-ui.css', 'swagger-ui-bundle.js', 'start.js'];
    expect(files).to.have.members(named.map(name => `/docs/${name}`));
    for (const path of files) {
      const file = await shop.root.send({ method: 'GET', path, unlisted: true });
      expect(file.status, path).to.equal(200);
      expect(file.text, path).to.have.length.above(100);
      expect(file.headers['content-security-policy'], path).to.include("script-src 'self'").and.not.include('http');
      expect(file.headers['x-content-type-options'], path).to.equal('nosniff');
    }
    const start = await shop.root.send({ method: 'GET', path: '/docs/start.js', unlisted: true });
    expect(start.headers['content-type']).to.match(/^(?:text|application)\/javascript/);
    expect(start.text).to.include("'/openapi.json'");
  });

  it('serves no other file of its machine', async shop => {
    for (const path of [
      '/docs/index.html',
      '/docs/../package.json',
      '/docs/%2e%2e/package.json',
      '/docs/constructor',
    ]) {
      const reply = await shop.root.send({ method: 'GET', path, unlisted: true });
      expect(outcome(reply), path).to.equal('404 NOT_FOUND');
    }
    const posted = await shop.root.send({ method: 'POST', path: '/docs', unlisted: true });
    expect(outcome(posted)).to.equal('405 METHOD_NOT_ALLOWED');
    expect(posted.headers.allow).to.equal('HEAD, GET');
  });
});
