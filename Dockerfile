# Polylogue in a container: built in one image, run in a small one, as a user without rights.
FROM rust:1-bookworm AS build
WORKDIR /build

# Dependencies first, with empty members in place of ours: this layer is made anew only when Cargo.toml or Cargo.lock
# change.
COPY Cargo.toml Cargo.lock ./
COPY .cargo/config.toml .cargo/
COPY migrations/Cargo.toml migrations/
COPY tests/Cargo.toml tests/
RUN mkdir -p src migrations/src tests/src tests/it benches \
    && echo 'fn main() {}' | tee src/main.rs tests/it/main.rs >/dev/null \
    && touch src/lib.rs migrations/src/lib.rs tests/src/lib.rs \
    && sed -n 's/^path = "\(.*\.rs\)"$/\1/p' Cargo.toml | while read -r file; do \
         mkdir -p "$(dirname "$file")" && echo 'fn main() {}' >"$file"; done \
    && cargo build --release --locked --package polylogue

COPY . .
# The empty members are newer than the sources of a checkout; cargo goes by the time of files.
RUN touch src/lib.rs src/main.rs migrations/src/lib.rs \
    && cargo build --release --locked --package polylogue

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin polylogue \
    && install --directory --owner polylogue --mode 0700 /data
COPY --from=build /build/target/release/polylogue /usr/local/bin/polylogue

USER polylogue
VOLUME /data
WORKDIR /data
# All addresses of the container: which of them others reach is decided where it is started. With the default domain,
# localhost:8480, it therefore refuses to start: give POLYLOGUE__INSTANCE__DOMAIN.
ENV POLYLOGUE__DATA__DIR=/data \
    POLYLOGUE__SERVER__LISTEN=0.0.0.0:8480
EXPOSE 8480
STOPSIGNAL SIGINT
ENTRYPOINT ["polylogue"]
CMD ["serve"]
