# What stands around the nodes: Debian's PACKAGES, and a folder STATE for what
# is to outlive a container.
ARG BASE=debian:bookworm-slim

FROM ${BASE}
ARG PACKAGES
ARG STATE=/var/empty
COPY deploy/compose/image/dpkg.conf /etc/dpkg/dpkg.cfg.d/image
COPY deploy/compose/image/install /usr/lib/mfo/
RUN /usr/lib/mfo/install ${PACKAGES} \
 && mkdir -p "${STATE}" && chown mfo:mfo "${STATE}"
USER mfo
