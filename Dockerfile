# kubedrill and its prober in one image: docker build -t kubedrill/kubedrill:<version> .
# NODE_IMAGE may be any image with Node >= 22.19 and npm; amd64 and arm64 alike, nothing here is compiled.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
# Packages first: they change less often than the source.
COPY package.json package-lock.json ./
COPY tools/node tools/node
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tools tools
COPY src src
RUN npm run build

FROM ${NODE_IMAGE}
WORKDIR /opt/kubedrill
COPY package.json LICENSE ./
COPY bin bin
COPY schema schema
COPY scenarios scenarios
COPY --from=build /src/dist dist
RUN ln -s /opt/kubedrill/bin/kubedrill.cjs /usr/local/bin/kubedrill \
 && ln -s /opt/kubedrill/bin/kubectl-drill.cjs /usr/local/bin/kubectl-drill
ENV NODE_ENV=production
# The uid that the prober pod runs as; no user of that name is needed.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["kubedrill"]
