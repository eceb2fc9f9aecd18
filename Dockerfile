# The program and git on Alpine, as a user without rights: docker build --tag trueup . && docker run --rm trueup version
FROM node:24-alpine AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-alpine
# State on a branch needs git; npm, yarn and corepack are of no use here.
RUN apk add --no-cache git \
 && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* /usr/local/bin/yarn* \
 && git config --system --add safe.directory /work
COPY --from=build /build/dist/*.js /opt/trueup/
COPY --from=build /build/LICENSE /opt/trueup/
RUN printf '{"type":"module"}\n' > /opt/trueup/package.json && ln -s /opt/trueup/main.js /usr/local/bin/trueup
USER 65532:65532
ENV HOME=/tmp
WORKDIR /work
ENTRYPOINT ["trueup"]
CMD ["--help"]
