# The shop as a container. It wants a Postgres of its own (DATABASE_URL) and, as NODE_ENV is production, its secrets
# (JWT_KEYS, PASSWORD_PEPPERS, PII_KEYS) and its PAYMENT_GATEWAY; docker-compose.yml shows it beside all its servers, with demo data
# and without secrets. It writes to /tmp and, outside production, to data; the rest of it may be read-only. Pin the base
# image to a digest of your registry before you ship it: FROM node:20-bookworm-slim@sha256:…

FROM node:20-bookworm-slim AS build
WORKDIR /shop
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# What is optional is the embedded Postgres, which would be the third server in one container.
RUN npm run build && npm prune --omit=dev --omit=optional

FROM node:20-bookworm-slim
WORKDIR /shop
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY package.json LICENSE ./
COPY --from=build /shop/node_modules node_modules
COPY --from=build /shop/dist dist
COPY config/sample config/sample
# Where secrets are kept that were not set, outside production.
RUN mkdir data && chown node:node data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/config/main.js"]
